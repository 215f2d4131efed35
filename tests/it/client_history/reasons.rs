//! Why something was changed: told with the change, and required where the settings ask for it.

use super::{CLIENTS, call};
use crate::support::{
    directory::{ALICE_PASSWORD, issue_key},
    server::{TestServer, json, with},
};
use argus::config::{Noun, RequireReason};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const REASON: &str = "argus-reason";

fn rename() -> Request<Body> {
    json("PUT", &format!("{CLIENTS}/app"), &json!({ "name": "Renamed" }))
}

fn promote() -> Request<Body> {
    json("PUT", "/useradmin/v2/user/bob", &json!({ "name": "Robert" }))
}

/// A server on which these need a reason, with a client.
async fn strict(reasons: RequireReason) -> TestServer {
    let server = TestServer::start_with(|config| config.audit.require_reason = reasons).await;
    server.confidential("app").await;
    server
}

/// The reason of the last event.
async fn last_reason(server: &TestServer) -> Value {
    server.events().await.last().unwrap()["metadata"]["reason"].clone()
}

#[tokio::test]
async fn what_is_no_line_of_text_is_no_reason() {
    let server = TestServer::start().await;
    server.confidential("app").await;
    let before = server.count_events().await;
    let long = "x".repeat(501);
    for reason in ["", "\u{2028}", "a\tb", &long] {
        let answer = call(&server, with(REASON, reason, rename())).await;
        assert_eq!((answer.status, answer.json()["messages"][0]["field"].clone()), (412, json!(REASON)), "{reason:?}");
    }
    let answer = call(&server, with(REASON, "two", with(REASON, "one", rename()))).await;
    assert_eq!(answer.status, 412);
    let answer = server.call(with(REASON, "", rename())).await;
    assert_eq!(answer.status, 401, "who is not known is told nothing else");
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn a_reason_is_recorded_with_the_change_and_stands_in_the_trail() {
    let server = TestServer::start().await;
    server.confidential("app").await;
    assert_eq!(call(&server, with(REASON, "für Ticket 4711", rename())).await.status, 200);
    assert_eq!(last_reason(&server).await, "für Ticket 4711");
    assert_eq!(server.audit().await.last().unwrap()["note"], "für Ticket 4711");
    assert_eq!(call(&server, with(REASON, "moved in", promote())).await.status, 200);
    assert_eq!(last_reason(&server).await, "moved in");
    let member =
        json("POST", "/useradmin/v2/group/acme-analysts/members", &json!({ "subject": ["bob"], "comment": "joins" }));
    assert_eq!(call(&server, with(REASON, "less exact", member)).await.status, 200);
    assert_eq!(last_reason(&server).await, "joins", "a comment is the reason of that one thing");
}

#[tokio::test]
async fn where_a_reason_is_required_nothing_is_changed_without_one() {
    let server = strict(RequireReason::Of([Noun::Client].into())).await;
    let before = server.count_events().await;
    for (method, path, body) in [
        ("PUT", "app", json!({ "name": "Renamed" })),
        ("PUT", "app", json!({ "disabled": true })),
        ("DELETE", "app", json!({})),
    ] {
        let answer = call(&server, json(method, &format!("{CLIENTS}/{path}"), &body)).await;
        let message = answer.json()["messages"][0].clone();
        assert_eq!((answer.status, &message["field"]), (412, &json!("reason")), "{method} {body}");
        assert!(message["message"].as_str().unwrap().contains("Argus-Reason"), "{message}");
    }
    assert_eq!(server.count_events().await, before);
    assert_eq!(call(&server, promote()).await.status, 200, "only of clients");
    assert_eq!(call(&server, with(REASON, "Ticket 4711", rename())).await.status, 200);
    let preview = json("POST", &format!("{CLIENTS}/app/preview"), &json!({ "name": "Other" }));
    assert_eq!(call(&server, preview).await.status, 200, "to look at what would change needs none");
}

#[tokio::test]
async fn where_every_change_needs_a_reason_one_still_looks_after_oneself() {
    let server = strict(RequireReason::Any(true)).await;
    assert_eq!(call(&server, promote()).await.status, 412);
    let key = issue_key(&server.idp, server.directory.alice, &["127.0.0.1"]).await;
    let change = json!({ "oldPassword": ALICE_PASSWORD, "newPassword": "eleven gulls on one mast" });
    let answer = server.call(with("argus-api-key", &key, json("PUT", "/authentication/v1/password", &change))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}
