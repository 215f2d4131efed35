//! What clients and narrowed sessions do not learn of the user behind them: what lies outside of their bounds.

use crate::support::{
    directory::{self, desk, grant_in, group, join, key_from},
    server::{Answer, TestServer, json as json_request, with},
};
use argus::directory::api_keys::ApiKeyInput;
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const EVENTS: &str = "/authentication/v1/events";
const SESSION: &str = "/authentication/v1/session";
const METHODS: [&str; 2] = ["/authentication/v1/session/authmethods", "/currentuser/v1/authmethods"];

async fn ask(server: &TestServer, token: &str, path: &str) -> Answer {
    server
        .call(with("authorization", &format!("Bearer {token}"), Request::get(path).body(Body::empty()).unwrap()))
        .await
}

async fn narrowed(server: &TestServer, token: &str, body: &Value) -> String {
    let request = json_request("POST", "/authentication/v1/session/constrain", body);
    let answer = server.call(with("authorization", &format!("Bearer {token}"), request)).await;
    answer.json()["data"]["credentials"]["requestCredentialsData"].as_str().unwrap().to_owned()
}

/// A column of a list, in its order.
async fn column(server: &TestServer, token: &str, path: &str, pointer: &str) -> Vec<String> {
    let body = ask(server, token, path).await.json();
    let rows = body["data"].as_array().unwrap();
    assert_eq!((&body["count"], rows.len()), (&json!(rows.len()), rows.len()), "{path}");
    rows.iter().map(|row| row.pointer(pointer).unwrap().as_str().unwrap().to_owned()).collect()
}

fn last_uses(answer: &Answer) -> Vec<bool> {
    let body = answer.json();
    let known = |row: &Value| !row["lastLoginIP"].is_null() || !row["lastLoginTimestamp"].is_null();
    body["data"].as_array().unwrap().iter().map(known).collect()
}

#[tokio::test]
async fn where_and_when_a_user_signed_in_is_for_the_user_alone() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let delegated = rp.tokens_for(&alice).await.access;
    let session = alice.session_token();
    let narrow = narrowed(&server, &session, &json!({ "customer": ["acme"] })).await;
    let reader = narrowed(&server, &session, &json!({ "readOnly": true })).await;
    server.audit().await;
    for (token, expected) in [(&delegated, 403), (&narrow, 403), (&reader, 200), (&session, 200)] {
        assert_eq!(ask(&server, token, EVENTS).await.status, expected);
        for path in METHODS {
            assert_eq!(last_uses(&ask(&server, token, path).await), [expected == 200, false], "{path}");
        }
    }
    let narrow_key = ApiKeyInput { customers: vec!["acme".to_owned()], ..key_from(&["127.0.0.1"]) };
    for (input, expected) in [(narrow_key, 403), (key_from(&["127.0.0.1"]), 200)] {
        let key = directory::issue_narrow_key(&server.idp, alice.id, &input).await;
        let request = with("argus-api-key", &key, Request::get(EVENTS).body(Body::empty()).unwrap());
        assert_eq!(server.call(request).await.status, expected);
    }
    let told = |answer: Answer| answer.json()["data"]["clientIP"].clone();
    assert_eq!(told(ask(&server, &delegated, SESSION).await), Value::Null);
    assert_eq!(told(ask(&server, &session, SESSION).await), json!("127.0.0.1"));
}

#[tokio::test]
async fn a_client_of_a_customer_learns_of_no_group_and_no_permission_beyond_that_customer() {
    let server = TestServer::start().await;
    let (idp, directory) = (&server.idp, &server.directory);
    let mut desk = desk(idp).await;
    let watch = group(&mut desk, directory.domain, "acme-watch", "acme").await;
    join(&mut desk, directory.domain, watch, directory.alice).await;
    grant_in(&mut desk, directory.domain, directory.alice, "analyst", Some("globex")).await;
    grant_in(&mut desk, directory.domain, directory.alice, "traffic", Some("acme")).await;
    desk.commit().await.unwrap();
    let rp = server.client("app", |definition| definition.customer = Some(directory.acme)).await;
    let alice = server.alice();
    let delegated = rp.tokens_for(&alice).await.access;
    let session = alice.session_token();
    let (groups, permissions) = ("/currentuser/v1/groups", "/currentuser/v1/permissions");
    for path in [groups.to_owned(), format!("{groups}?includeAncestors=true")] {
        assert_eq!(column(&server, &delegated, &path, "/name").await, ["acme-analysts", "acme-watch"]);
        assert_eq!(column(&server, &session, &path, "/name").await, ["acme-analysts", "globex-friends", "acme-watch"]);
    }
    let ids = |answer: Answer| answer.json()["data"]["ascendantIDs"].as_array().unwrap().len();
    assert_eq!(ids(ask(&server, &delegated, "/currentuser/v1/user").await), 2);
    assert_eq!(ids(ask(&server, &session, "/currentuser/v1/user").await), 3);
    for (token, customers, functions) in [
        (&delegated, vec!["acme"], vec!["analyst"]),
        (&session, vec!["acme", "globex", "acme"], vec!["analyst", "analyst", "traffic"]),
    ] {
        assert_eq!(column(&server, token, permissions, "/customer/shortName").await, customers);
        assert_eq!(column(&server, token, permissions, "/function/name").await, functions);
    }
}

#[tokio::test]
async fn a_narrowed_session_does_not_learn_what_its_user_holds_beyond_it() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.sign_in().await;
    let whole = admin.session_token();
    let narrow = narrowed(&server, &whole, &json!({ "function": ["viewUsers"], "customer": ["acme"] })).await;
    let permissions = "/currentuser/v1/permissions";
    assert_eq!(column(&server, &whole, permissions, "/function/name").await, ["administrator"]);
    assert!(column(&server, &narrow, permissions, "/function/name").await.is_empty());
    assert_eq!(column(&server, &narrow, "/currentuser/v1/functions", "/name").await, ["viewUsers"]);
    directory::grant(&server.idp, &server.directory, admin.id, "viewUsers", Some("acme")).await;
    assert_eq!(column(&server, &narrow, permissions, "/function/name").await, ["viewUsers"]);
}
