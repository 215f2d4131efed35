//! Pages: in log order, without gap or repetition, whatever is appended meanwhile.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{ENTRIES, ask};
use crate::support::{people::Person, server::TestServer};

/// The positions on a page, and the cursor of the next.
async fn page(person: &Person, filter: &str, after: &str) -> (Vec<i64>, String) {
    let answer = ask(person, ENTRIES, &[("query", filter), ("after", after), ("limit", "3")]).await.json();
    let entries = answer["data"].as_array().unwrap();
    let positions = entries.iter().map(|entry| entry["position"].as_i64().unwrap()).collect();
    (positions, answer["metaData"]["next"].to_string())
}

/// Everything after a cursor.
async fn rest(person: &Person, filter: &str, mut after: String) -> Vec<i64> {
    let mut all = Vec::new();
    loop {
        let (positions, next) = page(person, filter, &after).await;
        if positions.is_empty() {
            assert_eq!(next, after, "a cursor at the end stays there");
            return all;
        }
        all.extend(positions);
        after = next;
    }
}

async fn start() -> (TestServer, Person) {
    let server = TestServer::start().await;
    let admin = server.admin();
    for person in [&admin, &server.alice(), &server.bob(), &server.audrey()] {
        person.sign_in().await;
    }
    server.audit().await;
    (server, admin)
}

#[tokio::test]
async fn what_is_no_cursor_or_limit_is_refused() {
    let (_server, admin) = start().await;
    for (name, value) in [
        ("after", "-1"),
        ("after", "9223372036854775808"),
        ("after", "1.5"),
        ("after", "abc"),
        ("after", ""),
        ("limit", "0"),
        ("limit", "-5"),
        ("limit", "1001"),
        ("limit", "1e3"),
    ] {
        let answer = ask(&admin, ENTRIES, &[(name, value)]).await;
        assert_eq!((answer.status, &answer.json()["messages"][0]["field"]), (412, &name.into()), "{name}={value}");
    }
}

#[tokio::test]
async fn a_page_is_followed_by_what_comes_next_whatever_was_appended_meanwhile() {
    let (server, admin) = start().await;
    let mut seen = Vec::new();
    let mut after = "0".to_owned();
    for person in [server.alice(), server.bob(), server.audrey()] {
        let (positions, next) = page(&admin, "action:sign_in.*", &after).await;
        seen.extend(positions);
        after = next;
        person.sign_in().await;
        server.audit().await;
    }
    seen.extend(rest(&admin, "action:sign_in.*", after).await);
    let whole = rest(&admin, "action:sign_in.*", "0".to_owned()).await;
    assert!(whole.len() >= 7 && whole.is_sorted_by(|one, next| one < next), "in log order, each once: {whole:?}");
    assert_eq!(seen, whole);
}

#[tokio::test]
async fn a_cursor_is_a_place_in_the_log_and_holds_for_another_question() {
    let (_server, admin) = start().await;
    let (_, next) = page(&admin, "action:sign_in.*", "0").await;
    let place: i64 = next.parse().unwrap();
    let all = rest(&admin, "", "0".to_owned()).await;
    let expected: Vec<i64> = all.iter().copied().filter(|position| *position > place).collect();
    assert!(!expected.is_empty() && expected.len() < all.len());
    assert_eq!(rest(&admin, "", next).await, expected);
    assert_eq!(page(&admin, "", &i64::MAX.to_string()).await, (Vec::new(), i64::MAX.to_string()), "beyond the end");
}
