//! `POST /authentication/v1/oauth/authorize`: the portal asks for a code for the user who is signed in to it.

use super::session::csrf_token;
use crate::support::{
    relying_party::{CHALLENGE, REDIRECT_URI, VERIFIER},
    server::{Answer, TestServer, json as json_request, with},
};
use serde_json::{Value, json};

const PATH: &str = "/authentication/v1/oauth/authorize";

fn asked(client: &str) -> Value {
    json!({ "clientID": client, "redirectURI": REDIRECT_URI, "responseType": ["code"], "scope": ["openid"], "state": "s\u{e9}" })
}

#[track_caller]
fn bad_fields(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 412, "{}", answer.text());
    let messages = answer.json()["messages"].as_array().unwrap().clone();
    messages.iter().map(|message| message["field"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn only_a_session_of_the_users_own_may_ask() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let before = server.count_events().await;
    let bare = || json_request("POST", PATH, &asked("app"));
    assert_eq!(server.call(bare()).await.status, 401);
    assert_eq!(server.call(with("argus-api-key", &server.directory.admin_key, bare())).await.status, 403);
    assert_eq!(server.call(with("authorization", &format!("Bearer {}", tokens.access), bare())).await.status, 403);
    assert_eq!(alice.send(bare()).await.status, 403, "a cookie alone changes nothing");
    assert_eq!(alice.send(with("sec-fetch-site", "cross-site", bare())).await.status, 403);
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn each_bad_field_is_named() {
    let server = TestServer::start().await;
    let (rp, spa, alice) = (server.confidential("app").await, server.public("spa").await, server.alice());
    alice.sign_in().await;
    let bearer = format!("Bearer {}", alice.session_token());
    let before = server.events().await.len();
    let change = |name: &str, value: Value| {
        let mut body = asked(&rp.short_name);
        body[name] = value;
        body
    };
    for (body, fields) in [
        (json!({}), &["clientID", "redirectURI", "responseType"][..]),
        (change("clientID", json!("nobody")), &["clientID"]),
        (change("clientID", json!(7)), &["clientID"]),
        (change("redirectURI", json!("https://evil.example/")), &["clientID"]),
        (change("responseType", json!(["token"])), &["responseType"]),
        (change("responseType", json!(["code", "id_token"])), &["responseType"]),
        (change("responseType", json!([])), &["responseType"]),
        (change("responseType", json!("code")), &["responseType"]),
        (change("scope", json!(["openid", "\""])), &["scope"]),
        (change("nonce", json!("n".repeat(1001))), &["nonce"]),
        (change("codeChallenge", json!("short")), &["codeChallenge"]),
        (change("codeChallengeMethod", json!("S256")), &["codeChallenge"]),
        (change("extra", json!(1)), &["extra"]),
        (change("state", json!(null)), &["state"]),
        (asked(&spa.short_name), &["codeChallenge"]),
    ] {
        let answer = server.call(with("authorization", &bearer, json_request("POST", PATH, &body))).await;
        assert_eq!(bad_fields(&answer), fields, "{body}");
    }
    let since = server.events().await.split_off(before);
    assert!(since.iter().all(|event| event["type"] == "grant.refused"), "{since:?}");
}

#[tokio::test]
async fn who_may_not_use_the_client_is_denied_and_that_is_on_record() {
    let server = TestServer::start().await;
    let (_, bob) = (server.confidential("app").await, server.bob());
    bob.sign_in().await;
    let bearer = format!("Bearer {}", bob.session_token());
    let answer = server.call(with("authorization", &bearer, json_request("POST", PATH, &asked("app")))).await;
    assert_eq!((answer.status, answer.json()["data"].clone()), (403, Value::Null));
    let last = server.events().await.pop().unwrap();
    assert_eq!(last["payload"]["refused"]["reason"], "function_not_held");
}

#[tokio::test]
async fn the_portal_gets_a_code_that_can_be_redeemed() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.public("spa").await, server.alice());
    alice.sign_in().await;
    let mut body = asked("spa");
    (body["codeChallenge"], body["codeChallengeMethod"]) = (json!(CHALLENGE), json!("S256"));
    let csrf = csrf_token(&alice, PATH).await;
    let answer = alice.send(with("argus-csrf-token", &csrf, json_request("POST", PATH, &body))).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let data = answer.json()["data"].clone();
    assert_eq!((&data["redirectURI"], &data["state"]), (&json!(REDIRECT_URI), &json!("s\u{e9}")));
    let tokens = rp.redeem(data["authorizationCode"].as_str().unwrap()).await;
    assert_eq!(tokens.answer["scope"], "openid");
    assert!(!VERIFIER.is_empty());
}
