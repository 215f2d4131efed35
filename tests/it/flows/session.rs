//! Sessions of the Argus API: signing in with JSON, who am I, signing out; and what a cookie alone may not do.

use crate::support::{
    directory,
    people::{Browser, Person, SESSION},
    server::{Answer, ISSUER, TestServer, from, json as json_request, with},
};
use aggregates::user::UserCommand;
use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

const PASSWORD: &str = "/authentication/v1/password/authentication";
const PATH: &str = "/authentication/v1/session";

fn bare(method: &str) -> Request<Body> {
    Request::builder().method(method).uri(PATH).body(Body::empty()).unwrap()
}

fn sign_in(user_name: &str, password: &str) -> Request<Body> {
    json_request("POST", PASSWORD, &json!({ "userName": user_name, "password": password, "domain": "MNEMONIC" }))
}

/// A refusal in the envelope, without the id of its request.
#[track_caller]
fn refusal(mut answer: Answer) -> Answer {
    let body = answer.json();
    assert_eq!(body["responseCode"], answer.status);
    assert!(
        body["messages"]
            .as_array()
            .unwrap()
            .iter()
            .all(|message| ["type", "field", "message"].iter().all(|key| message[key].is_string()))
    );
    assert!(answer.cookies().is_empty());
    answer.headers.remove("x-request-id");
    answer
}

fn signed(key: &str, url: &str, millis: i64) -> String {
    let key = EncodingKey::from_secret(&STANDARD.decode(key).unwrap());
    let claims = json!({ "url": url, "timestamp": millis });
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap()
}

async fn session_key(person: &Person) -> String {
    let answer = person.send(bare("GET")).await;
    answer.json()["data"]["sessionKey"].as_str().unwrap().to_owned()
}

/// What the SDK would send with a call of this path in this person's session.
pub(super) async fn csrf_token(person: &Person, path: &str) -> String {
    signed(&session_key(person).await, &format!("{ISSUER}{path}"), person.server.idp.now().millis())
}

#[tokio::test]
async fn a_sign_in_that_fails_tells_nobody_why() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.alice(), server.bob());
    directory::tell(&server.idp, bob.id, UserCommand::Block).await;
    let first = refusal(server.call(sign_in("alice", "not the password")).await);
    assert_eq!(first.status, 401);
    for (user_name, password) in
        [("nobody", alice.password.as_str()), ("bob", &bob.password), ("bob", "wrong"), ("\u{e9}", "x")]
    {
        assert_eq!(refusal(server.call(sign_in(user_name, password)).await), first, "{user_name}");
    }
    let mut last = 0;
    for _ in 0..10 {
        last = server.call(sign_in("alice", "not the password")).await.status;
    }
    assert_eq!(last, 429);
    let throttled = refusal(server.call(sign_in("alice", &alice.password)).await);
    assert!(throttled.header("retry-after").is_some());
}

#[tokio::test]
async fn each_bad_field_of_a_sign_in_is_named() {
    let server = TestServer::start().await;
    let before = server.count_events().await;
    let long = "a".repeat(10_000);
    for (body, fields) in [
        (json!({}), &["userName", "password"][..]),
        (json!({ "userName": "", "password": "" }), &["userName", "password"]),
        (json!({ "userName": 1, "password": null }), &["userName", "password"]),
        (json!({ "userName": long, "password": "x" }), &["userName"]),
        (json!({ "userName": "alice", "password": long }), &["password"]),
        (json!({ "userName": "alice", "password": "x", "admin": true }), &["admin"]),
    ] {
        let answer = refusal(server.call(json_request("POST", PASSWORD, &body)).await);
        let named: Vec<Value> =
            answer.json()["messages"].as_array().unwrap().iter().map(|message| message["field"].clone()).collect();
        assert_eq!((answer.status, json!(named)), (412, json!(fields)), "{body}");
    }
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn without_a_credential_that_works_there_is_no_session() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let good = alice.session_token();
    let opaque = good.split_once('/').unwrap().1;
    let narrow = directory::issue_key(&server.idp, alice.id, &["192.0.2.0/24"]).await;
    let (prefix, secret) = narrow.rsplit_once('/').unwrap();
    let first = refusal(server.call(bare("GET")).await);
    assert_eq!(first.status, 401);
    for (name, value) in [
        ("authorization", "Bearer x".to_owned()),
        ("authorization", "Bearer ".to_owned()),
        ("authorization", format!("Basic {}", STANDARD.encode("alice:x"))),
        ("authorization", format!("Bearer bob/{opaque}")),
        ("authorization", format!("Bearer {good}x")),
        ("cookie", format!("{SESSION}={good}x")),
        ("cookie", format!("{SESSION}={good}; {SESSION}={good}")),
        ("argus-api-key", narrow.to_string()),
        ("argus-api-key", format!("{prefix}/{}", &secret[1..])),
        ("argus-api-key", format!("zzz/zz/{secret}")),
        ("argus-api-key", prefix.to_owned()),
        ("argus-api-key", String::new()),
    ] {
        assert_eq!(refusal(server.call(with(name, &value, bare("GET"))).await), first, "{name}: {value}");
    }
    assert_eq!(server.call(from("192.0.2.7", with("argus-api-key", &narrow, bare("GET")))).await.status, 200);
    directory::tell(&server.idp, alice.id, UserCommand::Block).await;
    assert_eq!(server.call(from("192.0.2.7", with("argus-api-key", &narrow, bare("GET")))).await.status, 401);
    assert_eq!(alice.send(bare("GET")).await.status, 401);
}

#[tokio::test]
async fn a_session_works_from_the_address_that_it_was_started_at() {
    let server = TestServer::start().await;
    let alice = server.alice().at("203.0.113.9");
    alice.sign_in().await;
    let bearer = format!("Bearer {}", alice.session_token());
    let asking = || with("authorization", &bearer, bare("GET"));
    assert_eq!(server.call(from("203.0.113.10", asking())).await.status, 401);
    assert_eq!(server.call(from("203.0.113.10", with("x-forwarded-for", "203.0.113.9", asking()))).await.status, 401);
    let thief = server.alice().at("203.0.113.10");
    thief.keep(SESSION, &alice.session_token());
    assert_eq!(thief.get("/").await.location(), "/login");
    assert_eq!(alice.send(bare("GET")).await.status, 200);
}

#[tokio::test]
async fn an_api_key_ends_on_its_day() {
    let server = TestServer::start().await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.1"]).await;
    server.wait(90 * 86_400 - 1);
    assert_eq!(server.call(with("argus-api-key", &key, bare("GET"))).await.status, 200);
    server.wait(1);
    assert_eq!(server.call(with("argus-api-key", &key, bare("GET"))).await.status, 401);
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.alice(), server.bob());
    alice.sign_in().await;
    bob.sign_in().await;
    let (key, others, now) = (session_key(&alice).await, session_key(&bob).await, server.idp.now().millis());
    let url = format!("{ISSUER}{PATH}");
    for (token, why) in [
        (String::new(), "empty"),
        ("x".to_owned(), "junk"),
        (signed(&others, &url, now), "another session's key"),
        (signed(&key, &format!("{url}/"), now), "another URL"),
        (signed(&key, "https://evil.example/authentication/v1/session", now), "another server"),
        (signed(&key, &url, now - 300_001), "too old"),
        (signed(&key, &url, now + 300_001), "from the future"),
    ] {
        let answer = refusal(alice.send(with("argus-csrf-token", &token, bare("DELETE"))).await);
        assert_eq!(answer.status, 403, "{why}");
    }
    assert_eq!(refusal(alice.send(bare("DELETE")).await).status, 403);
    assert_eq!(alice.send(bare("GET")).await.status, 200, "she is still signed in");
    let answer = alice.send(with("argus-csrf-token", &signed(&key, &url, now - 300_000), bare("DELETE"))).await;
    assert_eq!((answer.status, alice.cookie(SESSION)), (200, None));
}

#[tokio::test]
async fn only_the_users_own_session_signs_out() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let delegated = with("authorization", &format!("Bearer {}", tokens.access), bare("DELETE"));
    assert_eq!(server.call(delegated).await.status, 403);
    assert_eq!(server.call(with("argus-api-key", &server.directory.admin_key, bare("DELETE"))).await.status, 403);
    assert!(rp.is_active(&tokens.access).await);
}

#[tokio::test]
async fn signing_out_ends_every_token_before_it_answers() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let code = rp.authorize(&alice).await;
    let token = alice.session_token();
    let bearer = format!("Bearer {token}");
    assert_eq!(server.call(with("authorization", &bearer, bare("DELETE"))).await.status, 200);
    assert!(!rp.is_active(&tokens.access).await);
    assert_eq!(rp.userinfo(&tokens.access).await.status, 401);
    assert_eq!(rp.try_refresh(&tokens.refresh).await.status, 400);
    assert_eq!(rp.try_redeem(&code).await.status, 400);
    assert_eq!(server.call(with("authorization", &bearer, bare("GET"))).await.status, 401);
    let thief = Browser::new(&server);
    thief.keep(SESSION, &token);
    assert_eq!(thief.get("/").await.location(), "/login");
}

#[tokio::test]
async fn a_session_lasts_eight_hours() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    server.wait(28_799);
    assert_eq!(alice.send(bare("GET")).await.status, 200);
    assert_eq!(alice.get("/").await.status, 200);
    server.wait(1);
    assert_eq!(alice.send(bare("GET")).await.status, 401);
    assert_eq!(alice.get("/").await.location(), "/login");
}

#[tokio::test]
async fn the_sdk_signs_in_and_learns_its_key() {
    let server = TestServer::start().await;
    let alice = server.alice().at("203.0.113.9");
    let answer = alice.send(sign_in("alice", &alice.password)).await;
    let data = answer.json()["data"].clone();
    assert_eq!((answer.status, &data["credentials"]["requestCredentialsType"]), (200, &json!("sessionToken")));
    assert_eq!(data["credentials"]["requestCredentialsData"], alice.session_token());
    assert_eq!(STANDARD.decode(data["sessionKey"].as_str().unwrap()).unwrap().len(), 32);
    let session = alice.send(bare("GET")).await.json()["data"].clone();
    assert_eq!((&session["sessionKey"], &session["clientIP"]), (&data["sessionKey"], &json!("203.0.113.9")));
    assert_eq!(session["authenticationMethod"], "PASSWORD");
    let by_bearer = || with("authorization", &format!("Bearer {}", alice.session_token()), bare("GET"));
    assert_eq!(server.call(from("203.0.113.9", by_bearer())).await.status, 200);
}
