//! Introspection: RFC 7662. Whatever is wrong with a token, the answer has the same bytes.

use crate::support::{
    directory,
    relying_party::INTROSPECT,
    server::{Answer, TestServer, form, from, with},
};
use aggregates::{client::ClientCommand, user::UserCommand};
use axum::{body::Body, http::Request};
use serde_json::json;

#[track_caller]
fn inactive(mut answer: Answer, why: &str) -> Answer {
    assert_eq!((answer.status, answer.text().as_str()), (200, "{\"active\":false}"), "{why}");
    answer.headers.remove("x-request-id");
    answer
}

#[tokio::test]
async fn only_a_client_that_proves_itself_may_ask() {
    let server = TestServer::start().await;
    let (rp, spa, alice) = (server.confidential("app").await, server.public("spa").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let own = spa.tokens_for(&alice).await;
    let secret = rp.secret.clone().unwrap();
    let asking = |fields: &[(&str, &str)]| form(INTROSPECT, &[&[("token", tokens.access.as_str())], fields].concat());
    for request in [
        asking(&[]),
        asking(&[("client_id", "app")]),
        asking(&[("client_id", "app"), ("client_secret", "wrong")]),
        asking(&[("client_id", "nobody"), ("client_secret", &secret)]),
        asking(&[("client_id", "spa")]),
        form(INTROSPECT, &[("token", &own.access), ("client_id", "spa")]),
        from("192.0.2.1", asking(&[("client_id", "app"), ("client_secret", &secret)])),
        with("authorization", &format!("Bearer {}", tokens.access), asking(&[])),
        with("argus-api-key", &server.directory.admin_key, asking(&[])),
    ] {
        assert_eq!(server.call(request).await.oauth_error(), (401, "invalid_client".to_owned()));
    }
    assert_eq!(rp.call(INTROSPECT, &[]).await.oauth_error(), (400, "invalid_request".to_owned()));
    let get = Request::get(format!("{INTROSPECT}?token=x")).body(Body::empty()).unwrap();
    assert_eq!(server.call(get).await.status, 405);
}

#[tokio::test]
async fn every_cause_has_the_same_bytes() {
    let server = TestServer::start().await;
    let (rp, other, alice) = (server.confidential("app").await, server.confidential("other").await, server.alice());
    let foreign = other.tokens_for(&alice).await;
    let code = rp.authorize(&alice).await;
    let tokens = rp.tokens_for(&alice).await;
    let opaque = tokens.access.split_once('/').unwrap().1.to_owned();
    let junk = inactive(rp.introspect("junk").await, "junk");
    let long = "a".repeat(10_000);
    for token in [
        &foreign.access,
        &code,
        &tokens.refresh,
        &tokens.id_token.clone().unwrap(),
        &alice.session_token(),
        &server.directory.admin_key,
        &opaque,
        &format!("bob/{opaque}"),
        &format!("{}A", tokens.access),
        &tokens.access[..tokens.access.len() - 3].to_owned(),
        &long,
    ] {
        assert_eq!(inactive(rp.introspect(token).await, token), junk, "{token}");
    }
    assert!(rp.is_active(&tokens.access).await);
    server.wait(600);
    assert_eq!(inactive(rp.introspect(&tokens.access).await, "expired"), junk);
}

#[tokio::test]
async fn what_was_revoked_is_inactive_from_the_next_call_on() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let idp = &server.idp;
    let tokens = rp.tokens_for(&alice).await;
    alice.sign_out().await;
    inactive(rp.introspect(&tokens.access).await, "signed out");
    let tokens = rp.tokens_for(&alice).await;
    directory::tell(idp, alice.id, UserCommand::Block).await;
    inactive(rp.introspect(&tokens.access).await, "blocked");
    directory::tell(idp, alice.id, UserCommand::Unblock).await;
    inactive(rp.introspect(&tokens.access).await, "unblocking revives nothing");
    let tokens = rp.tokens_for(&alice).await;
    directory::tell(idp, alice.id, UserCommand::Delete).await;
    inactive(rp.introspect(&tokens.access).await, "the user was deleted");
    server.tell_client(rp.id, ClientCommand::Delete).await;
    assert_eq!(rp.introspect(&tokens.access).await.status, 401);
}

#[tokio::test]
async fn an_active_token_is_described() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let expected = json!({
        "active": true,
        "client_id": rp.client_id(),
        "username": "alice",
        "sub": server.directory.alice.to_string(),
        "scope": "openid profile",
        "exp": server.idp.now().seconds() + 600,
        "token_type": "Bearer",
    });
    let hinted = rp.call(INTROSPECT, &[("token", &tokens.access), ("token_type_hint", "refresh_token")]).await;
    for answer in [rp.introspect(&tokens.access).await, hinted] {
        assert_eq!(answer.json(), expected);
    }
}
