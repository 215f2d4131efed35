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
fn what_is_not_understood_is_an_error_that_says_where_and_what_could_stand_there() {
    let keys = "there is no such key; the keys are action, actor, after, before, client, customer, function, grant, ip, object, outcome, position, reason, \
                request, session, user";
    for (text, at, told) in [
        ("alice", 1, "a term is key:value; the keys are action, actor"),
        ("user:alice  alice", 13, "a term is key:value; the keys are action, actor"),
        ("-alice", 1, "a term is key:value"),
        ("-", 1, "a term is key:value"),
        ("user:a - user:b", 8, "a term is key:value"),
        ("--user:alice", 1, keys),
        ("User:alice", 1, keys),
        ("é:1 token:abc", 1, keys),
        ("user:é token:abc", 8, keys),
        (":alice", 1, keys),
        ("\"user\":alice", 1, keys),
        ("user:", 1, "user must be a name"),
        ("user:\"\"", 1, "user must be a name"),
        ("user:\"a", 6, "the quotation mark is not closed"),
        ("user:\"a\"\"", 6, "the quotation mark is not closed"),
        ("user:\"a\"b", 9, "quotation marks stand around a whole value"),
        ("user:a\"b\"", 7, "quotation marks stand around a whole value"),
        ("user:\"a\u{7}b\"", 1, "user must be a name"),
        ("outcome:Refused", 1, "outcome must be granted, refused, revoked or done"),
        ("outcome::refused", 1, "outcome must be granted, refused, revoked or done"),
        ("outcome:*", 1, "outcome must be"),
        ("action:*", 1, "action must be an action such as token.issued, or token.*"),
        ("action:token*", 1, "action must be"),
        ("action:token.*.x", 1, "action must be"),
        ("action:.issued", 1, "action must be"),
        ("action:token.%", 1, "action must be"),
        ("reason:a.b", 1, "reason must be"),
        ("reason:", 1, "reason must be"),
        ("ip:10.0.0.0/33", 1, "ip must be an address, or a range such as 10.0.0.0/8"),
        ("ip:10.1.2.3/8", 1, "ip must be"),
        ("ip:ten", 1, "ip must be"),
        ("after:yesterday", 1, "after must be a day (2026-01-31)"),
        ("after:2026-02-30", 1, "after must be"),
        ("before:7w", 1, "before must be"),
        ("after:d", 1, "after must be"),
        ("after:+7d", 1, "after must be"),
        ("after:-7d", 1, "after must be"),
        ("after:99999999999999999999d", 1, "after must be"),
        ("after:1969-12-31", 1, "after must be"),
        ("session:alice", 1, "session must be an id (UUID)"),
        ("grant:1", 1, "grant must be an id (UUID)"),
        ("object:client", 1, "object must be an id (UUID)"),
        ("position:", 1, "position must be a place such as 4711, or a range"),
        ("position:..", 1, "position must be"),
        ("position:-1", 1, "position must be"),
        ("position:5..4", 1, "position must be"),
        ("position:1..2..3", 1, "position must be"),
        ("position:99999999999999999999", 1, "position must be"),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.at, at, "{text}: {error}");
        assert!(error.to_string().starts_with(&format!("at character {at}: {told}")), "{text}: {error}");
    }
    let long = |at| Err(FilterError { at, problem: Problem::TooLong });
    assert_eq!(parse(&"user:a ".repeat(51)), long(351));
    assert_eq!(parse(&format!("user:{}", "a".repeat(5000))), long(4097));
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
    assert_eq!(parse("ip:10.1.2.3").unwrap().to_string(), "ip:10.1.2.3/32");
    assert_eq!(
        parse("position:7 -position:7.. position:..7").unwrap().to_string(),
        "position:7..7 -position:7.. position:..7"
    );
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
    fn terms_of_any_value_are_read_again(key in "-?(user|client|request|actor|action|reason|ip|after|position)", value in "[a-z0-9. \"*/:d-]{1,12}") {
        let text = format!("{key}:\"{}\"", value.replace('"', "\"\""));
        if let Ok(filter) = parse(&text) {
            prop_assert_eq!(parse(&filter.to_string()).unwrap(), filter);
        }
    }
}
