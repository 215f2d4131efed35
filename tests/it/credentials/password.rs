//! One's own password over the API, and how one can sign in.

use super::{by, by_key, by_token, data, fields};
use crate::support::{
    directory,
    server::{TestServer, from, with},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const PATH: &str = "/authentication/v1/password";
const NEW: &str = "a fjord under the northern wind";

#[tokio::test]
async fn a_password_is_changed_by_who_knows_the_present_one() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let key = directory::issue_narrow_key(
        &server.idp,
        alice.id,
        &argus::directory::api_keys::ApiKeyInput { read_only: true, ..directory::key_from(&["127.0.0.1"]) },
    )
    .await;
    let old = alice.password.as_str();
    let before = server.count_events().await;
    for path in [PATH, "/currentuser/v1/password"] {
        let good = json!({ "oldPassword": old, "newPassword": NEW });
        assert_eq!(server.call(super::request("PUT", path, &good)).await.status, 401);
        assert_eq!(by_token(&server, &tokens.access, "PUT", path, &good).await.status, 403, "a client");
        assert_eq!(by_key(&server, &key, "PUT", path, &good).await.status, 403, "read-only");
        for (body, bad) in [
            (json!({}), &["newPassword", "oldPassword"][..]),
            (json!({ "newPassword": NEW }), &["oldPassword"]),
            (json!({ "newPassword": NEW, "authorization": "x" }), &["authorization", "oldPassword"]),
        ] {
            assert_eq!(fields(&by(&alice, "PUT", path, &body).await), bad, "{body}");
        }
    }
    assert_eq!(server.count_events().await, before);
    for (present, next, reason) in [
        (old, "short", "tooShort"),
        (old, "the house of alice is red", "tooSimple"),
        (old, "correct horse battery staple", "tooSimple"),
        (old, old, "historicPassword"),
        ("not the password", NEW, "wrongPassword"),
    ] {
        let answer = by(&alice, "PUT", PATH, &json!({ "oldPassword": present, "newPassword": next })).await;
        assert_eq!((answer.status, &answer.json()["data"]["reason"]), (412, &json!(reason)));
        assert!(answer.json()["data"]["message"].is_string());
        assert!(!answer.text().contains(next));
    }
    assert!(rp.is_active(&tokens.access).await);
    let changed = by(&alice, "PUT", PATH, &json!({ "oldPassword": old, "newPassword": NEW })).await;
    assert_eq!(data(&changed), json!({}));
    assert_eq!(by(&alice, "GET", "/authentication/v1/session", &Value::Null).await.status, 401, "this session too");
    assert!(!rp.is_active(&tokens.access).await);
    let sign_in = |password: &str| {
        super::request(
            "POST",
            "/authentication/v1/password/authenticate",
            &json!({ "userName": "alice", "password": password }),
        )
    };
    assert_eq!(server.call(sign_in(old)).await.status, 401);
    let answer = server.call(sign_in(NEW)).await;
    let told = data(&answer);
    assert_eq!((&told["requestCredentialsType"], &told["clientIP"]), (&json!("sessionToken"), &json!("127.0.0.1")));
    let token = told["requestCredentialsData"].as_str().unwrap();
    assert_eq!(by_token(&server, token, "GET", "/authentication/v1/session", &Value::Null).await.status, 200);
    assert_eq!(by_token(&server, token, "DELETE", "/authentication/v1/logout", &Value::Null).await.status, 200);
    assert_eq!(by_token(&server, token, "GET", "/authentication/v1/session", &Value::Null).await.status, 401);
}

#[tokio::test]
async fn guesses_at_the_present_password_are_counted() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let mut last = 0;
    for _ in 0..11 {
        let guess = json!({ "oldPassword": "not the password", "newPassword": NEW });
        last = by(&alice, "PUT", PATH, &guess).await.status;
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn a_password_is_tested_without_being_changed() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let test = |password: &str| json!({ "password": password });
    let path = "/authentication/v1/password/test";
    let before = server.count_events().await;
    assert_eq!(server.call(super::request("PUT", path, &test(NEW))).await.status, 401);
    assert_eq!(fields(&by(&alice, "PUT", path, &test("short")).await), ["password"]);
    assert_eq!(
        data(&by(&alice, "PUT", path, &test("correct horse battery staple")).await),
        json!({ "state": "breached" })
    );
    assert_eq!(data(&by(&alice, "PUT", path, &test(NEW)).await), json!({ "state": "ok" }));
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn anybody_learns_their_address_and_what_there_is_to_sign_in_with() {
    let server = TestServer::start().await;
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let client = with("x-forwarded-for", "198.51.100.1", get("/authentication/v1/client"));
    assert_eq!(data(&server.call(from("203.0.113.9", client)).await), json!({ "clientIP": "203.0.113.9" }));
    let methods = server.get("/authentication/v1/methods").await;
    assert_eq!((data(&methods), &methods.json()["count"]), (json!(["PASSWORD", "APIKEY"]), &json!(2)));
}

#[tokio::test]
async fn how_a_user_signs_in_is_told_to_the_user_and_to_administrators() {
    let server = TestServer::start().await;
    let alice = server.alice().at("203.0.113.9");
    alice.sign_in().await;
    let now = server.idp.now().millis();
    let admin = &server.directory.admin_key;
    let bob = data(&by_key(&server, admin, "GET", "/authentication/v1/user/bob/methods", &Value::Null).await);
    assert_eq!(
        bob[0],
        json!({ "method": "PASSWORD", "initialized": true, "lastLoginTimestamp": null, "lastLoginIP": null })
    );
    assert_eq!((&bob[1]["method"], &bob[1]["initialized"]), (&json!("APIKEY"), &json!(false)));
    for path in ["/authentication/v1/session/authmethods", "/currentuser/v1/authmethods"] {
        assert_eq!(server.get(path).await.status, 401);
        let asking = with(
            "authorization",
            &format!("Bearer {}", alice.session_token()),
            super::request("GET", path, &Value::Null),
        );
        let own = data(&server.call(from("203.0.113.9", asking)).await);
        assert_eq!(
            own[0],
            json!({ "method": "PASSWORD", "initialized": true, "lastLoginTimestamp": now, "lastLoginIP": "203.0.113.9" })
        );
    }
}
