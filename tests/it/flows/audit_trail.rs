//! The audit trail: each step leaves exactly its entry, with what it was decided on, and each auditor sees their customers'.

use crate::support::{
    directory,
    people::Person,
    server::{Answer, TestServer, with},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const PATH: &str = "/audit/v1/entries";

/// The entries since `seen`.
async fn since(server: &TestServer, seen: usize) -> Vec<Value> {
    server.audit().await.split_off(seen)
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

#[track_caller]
fn says(entry: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&entry[name], value, "{name} of {entry}");
    }
}

#[tokio::test]
async fn every_refusal_leaves_its_entry_with_a_reason() {
    let server = TestServer::start().await;
    let (rp, alice, bob) = (server.confidential("app").await, server.alice(), server.bob());
    let seen = server.audit().await.len();
    alice.post("/login", &[("username", "alice"), ("password", "not the password")]).await;
    alice.post("/login", &[("username", "nobody"), ("password", "not the password")]).await;
    bob.sign_in().await;
    bob.get(&rp.authorize_url(&[])).await;
    rp.try_redeem("junk").await;
    let code = rp.authorize(&alice).await;
    rp.redeem(&code).await;
    rp.try_redeem(&code).await;
    let entries = since(&server, seen).await;
    let told: Vec<(&str, &str, &Value)> = entries
        .iter()
        .map(|entry| (entry["action"].as_str().unwrap(), entry["outcome"].as_str().unwrap(), &entry["reason"]))
        .collect();
    assert_eq!(
        told,
        [
            ("sign_in.refused", "refused", &json!("wrong_password")),
            ("sign_in.refused", "refused", &json!("unknown_user")),
            ("sign_in.succeeded", "granted", &Value::Null),
            ("authorization.refused", "refused", &json!("function_not_held")),
            ("token.refused", "refused", &json!("invalid_grant")),
            ("sign_in.succeeded", "granted", &Value::Null),
            ("authorization.granted", "granted", &Value::Null),
            ("token.issued", "granted", &Value::Null),
            ("code.replayed", "refused", &Value::Null),
            ("token.revoked", "revoked", &json!("code_replayed")),
        ]
    );
    let (alice_id, bob_id, directory) = (alice.id.to_string(), bob.id.to_string(), &server.directory);
    says(&entries[0], &json!({ "user_id": alice_id, "customer_id": directory.acme.to_string(), "ip": "127.0.0.1" }));
    says(&entries[1], &json!({ "user_id": null, "customer_id": null, "ip": "127.0.0.1", "actor": "anonymous" }));
    says(
        &entries[3],
        &json!({
            "user_id": bob_id, "client_id": rp.client_id(), "client_version": 1, "scopes": null,
            "scopes_asked": ["openid", "profile"], "required_function": directory.function("analyst").to_string(), "customer_id": directory.globex.to_string(),
        }),
    );
    says(&entries[4], &json!({ "client_id": rp.client_id(), "client_version": 1, "user_id": null }));
    says(&entries[9], &json!({ "user_id": alice_id, "client_id": rp.client_id() }));
}

#[tokio::test]
async fn each_step_of_a_flow_is_one_entry_with_what_it_was_decided_on() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    super::code::redefine(&server, &rp, |definition| definition.description = "Another sentence".parse().unwrap())
        .await;
    let rp = rp.at("10.1.2.3");
    let alice = server.alice().at("203.0.113.9");
    let seen = server.audit().await.len();
    alice.sign_in().await;
    let signed_in = server.idp.now().millis();
    server.wait(5);
    let code = rp.authorize(&alice).await;
    let tokens = rp.redeem(&code).await;
    rp.refresh(&tokens).await;
    rp.introspect(&tokens.access).await;
    rp.userinfo(&tokens.access).await;
    alice.sign_out().await;
    let entries = since(&server, seen).await;
    let expected = ["sign_in.succeeded", "authorization.granted", "token.issued", "token.refreshed", "session.ended"];
    assert_eq!(actions(&entries), expected, "reading leaves no trace");
    let directory = &server.directory;
    let (user, acme, analyst) =
        (alice.id.to_string(), directory.acme.to_string(), directory.function("analyst").to_string());
    for (entry, (ip, range)) in entries.iter().zip([
        ("203.0.113.9", Value::Null),
        ("203.0.113.9", Value::Null),
        ("10.1.2.3", json!("10.1.0.0/16")),
        ("10.1.2.3", json!("10.1.0.0/16")),
        ("203.0.113.9", Value::Null),
    ]) {
        says(
            entry,
            &json!({
                "user_id": user, "customer_id": acme, "ip": ip, "ip_range": range, "method": "password",
                "authenticated_at": signed_in, "actor": format!("user:{user}"), "count": 1,
            }),
        );
        assert!(entry["request_id"].is_string() && entry["session_id"] == entries[0]["session_id"], "{entry}");
    }
    for entry in &entries[1..4] {
        says(
            entry,
            &json!({
                "client_id": rp.client_id(), "client_version": 2, "required_function": analyst, "scopes": ["openid", "profile"],
                "held_by": { "subject": user, "function": analyst, "customer": acme }, "grant_id": entries[1]["grant_id"],
            }),
        );
    }
    says(&entries[4], &json!({ "reason": "signed_out", "outcome": "revoked" }));
}

async fn entries(person: &Person, query: &str) -> Answer {
    let request = Request::get(format!("{PATH}{query}")).body(Body::empty()).unwrap();
    person.server.call(with("authorization", &format!("Bearer {}", person.session_token()), request)).await
}

#[tokio::test]
async fn the_trail_is_for_those_who_may_see_it() {
    let server = TestServer::start().await;
    let (rp, alice, audrey) = (server.confidential("app").await, server.alice(), server.audrey());
    let bare = || Request::get(PATH).body(Body::empty()).unwrap();
    assert_eq!(server.call(bare()).await.status, 401);
    alice.sign_in().await;
    let refused = entries(&alice, "").await;
    assert_eq!((refused.status, refused.json()["data"].clone()), (403, Value::Null));
    // An auditor's token for a client whose scope does not include the trail.
    directory::grant(&server.idp, &server.directory, audrey.id, "analyst", Some("acme")).await;
    let tokens = rp.tokens_for(&audrey).await;
    let delegated = with("authorization", &format!("Bearer {}", tokens.access), bare());
    assert_eq!(server.call(delegated).await.status, 403);
    assert_eq!(entries(&audrey, "").await.status, 200);
    directory::revoke(&server.idp, audrey.id, server.directory.function("auditor"), server.directory.acme).await;
    assert_eq!(entries(&audrey, "").await.status, 403, "at the next request");
}

#[tokio::test]
async fn an_auditor_of_a_customer_sees_that_customer_only() {
    let server = TestServer::start().await;
    let (alice, bob, audrey, admin) = (server.alice(), server.bob(), server.audrey(), server.admin());
    let rp = server.confidential("app").await;
    let globex = server.directory.globex;
    let other = server.client("globex-app", |definition| definition.customer = Some(globex)).await;
    for person in [&alice, &bob, &audrey, &admin] {
        person.sign_in().await;
    }
    rp.tokens_for(&alice).await;
    alice.get(&other.authorize_url(&[])).await;
    bob.get(&rp.authorize_url(&[])).await;
    server.audit().await;
    let answer = entries(&audrey, "?limit=1000").await;
    let seen = answer.json()["data"].as_array().unwrap().clone();
    let acme = server.directory.acme.to_string();
    assert!(!seen.is_empty() && seen.iter().all(|entry| entry["customerId"] == acme), "{seen:?}");
    for hidden in ["globex", &globex.to_string(), &bob.id.to_string(), &other.client_id()] {
        assert!(!answer.text().contains(hidden), "{hidden}");
    }
    let all = entries(&admin, "?limit=1000").await.text();
    for shown in [&alice.id.to_string(), &bob.id.to_string(), &rp.client_id(), &other.client_id()] {
        assert!(all.contains(shown), "{shown}");
    }
    for query in ["?query=user:bob", "?query=client:globex-app", &format!("?query=client:{}", other.client_id())] {
        assert_eq!(entries(&audrey, query).await.json()["data"], json!([]), "{query}");
    }
}

#[tokio::test]
async fn the_trail_is_filtered_and_paged_by_a_cursor() {
    let server = TestServer::start().await;
    let (rp, alice, admin) = (server.confidential("app").await, server.alice(), server.admin());
    admin.sign_in().await;
    server.wait(60);
    let later = chrono::DateTime::from_timestamp_millis(server.idp.now().millis()).unwrap();
    let later = later.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    rp.tokens_for(&alice).await;
    server.audit().await;
    for bad in [
        "?limit=0",
        "?limit=1001",
        "?limit=x",
        "?limit=-1",
        "?after=x",
        "?query=after:yesterday",
        "?query=alice",
        "?query=outcome:refuse",
        "?user=alice",
        "?query=user:a&query=user:b",
        "?limit=1&limit=2",
        "?x=%zz",
    ] {
        assert_eq!(entries(&admin, bad).await.status, 412, "{bad}");
    }
    let since = entries(&admin, &format!("?query=after:{later}")).await.json()["data"].clone();
    assert_eq!(actions(since.as_array().unwrap()), ["sign_in.succeeded", "authorization.granted", "token.issued"]);
    let issued =
        entries(&admin, "?query=user:alice+client:app+action:token.issued+outcome:granted").await.json()["data"]
            .clone();
    assert_eq!(issued.as_array().unwrap().len(), 1);
    let (mut after, mut paged) = (0, Vec::new());
    loop {
        let page = entries(&admin, &format!("?limit=7&after={after}")).await.json();
        let rows = page["data"].as_array().unwrap().clone();
        if rows.is_empty() {
            break;
        }
        after = page["metaData"]["next"].as_i64().unwrap();
        paged.extend(rows);
    }
    assert_eq!(json!(paged), entries(&admin, "?limit=1000").await.json()["data"]);
}
