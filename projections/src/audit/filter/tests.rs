//! What a filter may say, and what it may not.
#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use proptest::prelude::*;

/// 2026-11-26T20:00:00Z
const NOW: Timestamp = Timestamp::from_millis(1_795_723_200_000);

fn parse(text: &str) -> Result<Filter, FilterError> {
    Filter::parse(text, NOW)
}

#[test]
fn what_is_not_understood_is_an_error_that_names_it() {
    for (text, named) in [
        ("alice", "“alice” is not key:value"),
        ("-alice", "“-alice” is not key:value"),
        ("--user:alice", "“-user” is not a key"),
        ("User:alice", "“User” is not a key"),
        ("token:abc", "“token” is not a key"),
        (":alice", "“” is not a key"),
        ("user:", "user: “” is not"),
        ("user:\"\"", "user: “” is not"),
        ("user:\"a", "not closed"),
        ("outcome:Refused", "outcome: “Refused”"),
        ("outcome:*", "outcome: “*”"),
        ("action:*", "action: “*”"),
        ("action:token*", "action: “token*”"),
        ("action:token.*.x", "action: “token.*.x”"),
        ("action:.issued", "action: “.issued”"),
        ("action:token.%", "action: “token.%”"),
        ("reason:a.b", "reason: “a.b”"),
        ("ip:10.0.0.0/33", "ip: “10.0.0.0/33”"),
        ("ip:ten", "ip: “ten”"),
        ("after:yesterday", "after: “yesterday”"),
        ("after:2026-02-30", "after: “2026-02-30”"),
        ("after:7w", "after: “7w”"),
        ("after:d", "after: “d”"),
        ("after:+7d", "after: “+7d”"),
        ("after:99999999999999999999d", "after: “99999999999999999999d”"),
        ("after:1969-12-31", "after: “1969-12-31”"),
        ("session:alice", "session: “alice”"),
    ] {
        let told = parse(text).unwrap_err().to_string();
        assert!(told.contains(named), "{text}: {told}");
    }
    assert_eq!(parse(&"user:a ".repeat(51)), Err(FilterError::TooLong));
    assert_eq!(parse(&format!("user:{}", "a".repeat(5000))), Err(FilterError::TooLong));
}

#[test]
fn nothing_asks_for_everything() {
    assert_eq!(parse("").unwrap(), Filter::default());
    assert_eq!(parse("  \t ").unwrap(), Filter::default());
}

#[test]
fn a_filter_is_written_as_it_is_read() {
    let text = "actor:alice client:myclient action:token.* outcome:refused ip:10.0.0.0/8 after:2026-01-01T00:00:00.000Z -action:token.refreshed";
    assert_eq!(parse(text).unwrap().to_string(), text);
    assert_eq!(parse("after:2026-01-01").unwrap(), parse("after:2026-01-01T01:00:00+01:00").unwrap());
    assert_eq!(parse("before:2h").unwrap().to_string(), "before:2026-11-26T18:00:00.000Z");
    assert_eq!(parse("ip:10.1.2.3/8").unwrap(), parse("ip:10.0.0.0/8").unwrap());
    assert_eq!(parse("ip:::ffff:10.1.2.3").unwrap(), parse("ip:10.1.2.3").unwrap());
    assert_eq!(parse("client:\"my \"\"own\"\" client\"").unwrap().to_string(), "client:\"my \"\"own\"\" client\"");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_what_is_read_is_read_again(text in "\\PC{0,60}") {
        if let Ok(filter) = parse(&text) {
            prop_assert_eq!(parse(&filter.to_string()).unwrap(), filter);
        }
    }

    #[test]
    fn terms_of_any_value_are_read_again(key in "-?(user|client|request|actor|action|reason|ip|after)", value in "[a-z0-9. \"*/:d-]{1,12}") {
        let text = format!("{key}:\"{}\"", value.replace('"', "\"\""));
        if let Ok(filter) = parse(&text) {
            prop_assert_eq!(parse(&filter.to_string()).unwrap(), filter);
        }
    }
}
