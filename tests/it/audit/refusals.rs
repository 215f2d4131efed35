//! A filter that cannot be understood is refused everywhere, with the same words, and nothing is told.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{ENTRIES, EXPORT, ask};
use crate::command_line::Operator;

const KEYS: &str = "the keys are action, actor, after, before, client, customer, function, grant, ip, object, outcome, position, \
                    reason, request, session, user";

#[tokio::test]
async fn a_filter_that_cannot_be_understood_is_refused_everywhere_with_the_same_words() {
    let operator = Operator::new().await;
    let admin = operator.server.admin();
    admin.sign_in().await;
    let unknown = format!("there is no such key; {KEYS}");
    let word = format!("a term is key:value; {KEYS}");
    for (filter, told) in [
        ("acton:token.issued", format!("at character 1: {unknown}")),
        ("user:alice --client:app", format!("at character 12: {unknown}")),
        ("user:alice bob", format!("at character 12: {word}")),
        ("4711", format!("at character 1: {word}")),
        ("-", format!("at character 1: {word}")),
        ("user:alice outcome:", "at character 12: outcome must be granted, refused, revoked or done".to_owned()),
        ("outcome:refuse", "at character 1: outcome must be granted, refused, revoked or done".to_owned()),
        ("user:", "at character 1: user must be a name or an id of at most 255 bytes".to_owned()),
        (
            "ip:10.0.0.1/8",
            "at character 1: ip must be an address, or a range such as 10.0.0.0/8 without bits set beyond the prefix"
                .to_owned(),
        ),
        ("user:\"alice", "at character 6: the quotation mark is not closed".to_owned()),
        ("session:alice", "at character 1: session must be an id (UUID)".to_owned()),
        (
            "position:9..3",
            "at character 1: position must be a place such as 4711, or a range such as 4711..4720, 4711.. or ..4720"
                .to_owned(),
        ),
    ] {
        for path in [ENTRIES, EXPORT] {
            let answer = ask(&admin, path, &[("query", filter)]).await;
            let body = answer.json();
            let message = (&body["messages"][0]["field"], &body["messages"][0]["message"]);
            assert_eq!(answer.status, 412, "{path} {filter}");
            assert_eq!(message, (&"query".into(), &told.as_str().into()), "{path} {filter}");
        }
        for command in ["search", "export", "tail"] {
            let output = operator.run(&format!("audit {command} {filter}")).await;
            assert_eq!(output.status.code(), Some(2), "{command} {filter}");
            assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("argus: {told}\n"), "{command} {filter}");
            assert!(output.stdout.is_empty(), "{command} {filter}");
        }
    }
}

#[tokio::test]
async fn what_is_not_a_parameter_or_a_format_is_refused() {
    let operator = Operator::new().await;
    let admin = operator.server.admin();
    admin.sign_in().await;
    for (path, name, value) in [
        (ENTRIES, "user", "alice"),
        (ENTRIES, "format", "csv"),
        (ENTRIES, "format", "ECS"),
        (ENTRIES, "limit", "1001"),
        (EXPORT, "limit", "10"),
        (EXPORT, "after", "10"),
        (EXPORT, "format", "argus"),
        (EXPORT, "format", ""),
    ] {
        assert_eq!(ask(&admin, path, &[(name, value)]).await.status, 412, "{path} {name}={value}");
    }
    for line in ["audit list", "audit search --user alice", "audit search --format csv", "audit export --format table"]
    {
        assert_eq!(operator.code(line).await, Some(2), "{line}");
    }
}
