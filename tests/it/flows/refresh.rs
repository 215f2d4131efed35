//! Refresh with rotation and reuse detection: RFC 6749 §6, RFC 9700 §4.14.2, OpenID Connect Core §12.

use super::{code::redefine, discovery::claims};
use crate::support::{
    directory,
    relying_party::{RelyingParty, TOKEN, Tokens, ranges},
    server::{Answer, TestServer},
};
use aggregates::{client::ClientCommand, user::UserCommand, values::Seconds};
use serde_json::json;

#[track_caller]
fn invalid_grant(answer: &Answer, why: &str) {
    assert_eq!(answer.oauth_error(), (400, "invalid_grant".to_owned()), "{why}");
}

async fn is_over(rp: &RelyingParty, tokens: &[&Tokens]) {
    for tokens in tokens {
        assert!(!rp.is_active(&tokens.access).await);
        invalid_grant(&rp.try_refresh(&tokens.refresh).await, "the whole family is over");
    }
}

#[tokio::test]
async fn a_public_client_that_repeats_a_refresh_loses_everything() {
    let server = TestServer::start().await;
    let (spa, alice) = (server.public("spa").await, server.alice());
    let first = spa.tokens_for(&alice).await;
    let second = spa.refresh(&first).await;
    invalid_grant(&spa.try_refresh(&first.refresh).await, "at once");
    let rp = &spa;
    for tokens in [&first, &second] {
        assert_eq!(rp.userinfo(&tokens.access).await.status, 401);
        invalid_grant(&rp.try_refresh(&tokens.refresh).await, "the family is over");
    }
    let types: Vec<String> =
        server.events().await.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect();
    assert!(types.contains(&"grant.refresh_reused".to_owned()), "{types:?}");
}

#[tokio::test]
async fn a_confidential_client_may_repeat_a_refresh_for_ten_seconds_and_gets_the_same() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let first = rp.tokens_for(&alice).await;
    let second = rp.refresh(&first).await;
    let before = server.count_events().await;
    server.wait(9);
    let repeated = rp.refresh(&first).await;
    assert_eq!((&repeated.access, &repeated.refresh), (&second.access, &second.refresh));
    assert_eq!(server.count_events().await, before, "nothing new was issued");
    let third = rp.refresh(&second).await;
    invalid_grant(&rp.try_refresh(&first.refresh).await, "the one before the last is not a lost answer");
    is_over(&rp, &[&first, &second, &third]).await;
}

#[tokio::test]
async fn after_ten_seconds_a_repeated_refresh_is_a_theft() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let first = rp.tokens_for(&alice).await;
    let second = rp.refresh(&first).await;
    server.wait(10);
    invalid_grant(&rp.try_refresh(&first.refresh).await, "too late");
    is_over(&rp, &[&first, &second]).await;
}

#[tokio::test]
async fn refreshing_ends_eight_hours_after_the_code_was_redeemed() {
    let server = TestServer::start_with(|config| config.lifetimes.session = Seconds(100_000)).await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let mut tokens = rp.tokens_for(&alice).await;
    for _ in 0..3 {
        server.wait(9599);
        tokens = rp.refresh(&tokens).await;
    }
    server.wait(28_799 - 3 * 9599);
    tokens = rp.refresh(&tokens).await;
    server.wait(1);
    invalid_grant(&rp.try_refresh(&tokens.refresh).await, "28800 s");
    let fresh = rp.tokens_for(&alice).await;
    server.wait(28_800);
    invalid_grant(&rp.try_refresh(&fresh.refresh).await, "28800 s without any use");
}

#[tokio::test]
async fn refreshing_ends_with_the_session() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    alice.sign_in().await;
    server.wait(28_000);
    let tokens = rp.tokens_for(&alice).await;
    server.wait(799);
    let tokens = rp.refresh(&tokens).await;
    server.wait(1);
    invalid_grant(&rp.try_refresh(&tokens.refresh).await, "the session's time is up");
    assert!(!rp.is_active(&tokens.access).await);
}

#[tokio::test]
async fn a_refresh_token_works_for_its_own_client_only() {
    let server = TestServer::start().await;
    let (acme, globex) = (server.directory.acme, server.directory.globex);
    let rp = server.client("app", |definition| definition.customer = Some(acme)).await;
    let other = server.client("other", |definition| definition.customer = Some(globex)).await;
    let alice = server.alice();
    let tokens = rp.tokens_for(&alice).await;
    invalid_grant(&other.try_refresh(&tokens.refresh).await, "another client");
    let last = server.events().await.pop().unwrap();
    assert_eq!(last["payload"]["refused"]["reason"], "another_client");
    assert_eq!(last["payload"]["refused"]["client"], other.client_id());
    let entry = server.audit().await.pop().unwrap();
    assert_eq!((&entry["client_id"], &entry["user_id"]), (&json!(other.id), &json!(alice.id)));
    assert_eq!(entry["customer_id"], json!(acme), "whose it was is told of it, and nobody else");
    rp.refresh(&tokens).await;
}

#[tokio::test]
async fn nothing_else_is_a_refresh_token() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let code = rp.authorize(&alice).await;
    let tokens = rp.tokens_for(&alice).await;
    let refresh = tokens.refresh.clone();
    let opaque = tokens.access.split_once('/').unwrap().1.to_owned();
    for other in [
        &code,
        &tokens.access,
        &opaque,
        &alice.session_token(),
        &refresh[1..].to_owned(),
        &refresh[..refresh.len() - 1].to_owned(),
        &format!("{refresh}A"),
        &refresh.to_lowercase(),
        &format!("alice/{refresh}"),
        &server.directory.admin_key,
    ] {
        invalid_grant(&rp.try_refresh(other).await, other);
    }
    assert_eq!(
        rp.call(TOKEN, &[("grant_type", "refresh_token")]).await.oauth_error(),
        (400, "invalid_request".to_owned())
    );
    rp.refresh(&tokens).await;
}

#[tokio::test]
async fn more_scope_than_was_granted_is_refused_and_less_is_given() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let asking = |scope: &'static str, refresh: String| {
        let rp = &rp;
        async move {
            rp.call(TOKEN, &[("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", scope)]).await
        }
    };
    for scope in ["openid email", "openid profile email", "groups", "\"", "openid\u{e9}"] {
        let answer = asking(scope, tokens.refresh.clone()).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_scope".to_owned()), "{scope}");
    }
    let narrow = Tokens::of(&asking("profile", tokens.refresh.clone()).await);
    assert_eq!((narrow.answer["scope"].as_str(), &narrow.id_token), (Some("profile"), &None));
    assert_eq!(rp.userinfo(&narrow.access).await.status, 403, "not for openid any more");
    let whole = rp.refresh(&narrow).await;
    assert_eq!(whole.answer["scope"], "openid profile", "up to what was granted at first");
}

#[tokio::test]
async fn the_door_is_passed_again_at_every_refresh() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let idp = &server.idp;
    let tokens = rp.tokens_for(&alice).await;
    let (analyst, acme) = (server.directory.function("analyst"), server.directory.acme);
    directory::revoke(idp, alice.id, analyst, acme).await;
    invalid_grant(&rp.try_refresh(&tokens.refresh).await, "function lost");
    assert!(!rp.is_active(&tokens.access).await);
    directory::grant(idp, &server.directory, alice.id, "analyst", Some("acme")).await;
    let tokens = rp.refresh(&tokens).await;
    directory::tell(idp, alice.id, UserCommand::Block).await;
    invalid_grant(&rp.try_refresh(&tokens.refresh).await, "blocked");
    directory::tell(idp, alice.id, UserCommand::Unblock).await;
    invalid_grant(&rp.try_refresh(&tokens.refresh).await, "unblocking revives nothing");
    let tokens = rp.tokens_for(&alice).await;
    directory::set_password(idp, alice.id, "another one, and longer", false).await;
    invalid_grant(&rp.try_refresh(&tokens.refresh).await, "password changed");
    assert_eq!(rp.userinfo(&tokens.access).await.status, 401);
}

#[tokio::test]
async fn signing_out_ends_refreshing() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let elsewhere = alice.elsewhere();
    let others = rp.tokens_for(&elsewhere).await;
    alice.sign_out().await;
    invalid_grant(&rp.try_refresh(&tokens.refresh).await, "signed out");
    alice.sign_in().await;
    invalid_grant(&rp.try_refresh(&tokens.refresh).await, "a new session is another one");
    rp.refresh(&others).await;
}

#[tokio::test]
async fn a_client_that_is_gone_or_elsewhere_cannot_refresh() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let refused = (401, "invalid_client".to_owned());
    let rp = rp.at("192.0.2.1");
    assert_eq!(rp.try_refresh(&tokens.refresh).await.oauth_error(), refused, "outside of its range");
    let rp = rp.at("127.0.0.1");
    redefine(&server, &rp, |definition| definition.ip_ranges = ranges(&["10.9.9.9"])).await;
    assert_eq!(rp.try_refresh(&tokens.refresh).await.oauth_error(), refused, "the range was narrowed");
    assert_eq!(rp.userinfo(&tokens.access).await.status, 401);
    let rp = rp.at("10.9.9.9");
    let tokens = rp.refresh(&tokens).await;
    server.tell_client(rp.id, ClientCommand::Delete).await;
    assert_eq!(rp.try_refresh(&tokens.refresh).await.oauth_error(), refused, "deleted");
    assert_eq!(rp.userinfo(&tokens.access).await.status, 401);
}

#[tokio::test]
async fn a_refresh_token_may_come_in_code_and_what_is_unknown_is_ignored() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let fields = [("grant_type", "refresh_token"), ("code", tokens.refresh.as_str()), ("client_session_host", "x")];
    let next = Tokens::of(&rp.call(TOKEN, &fields).await);
    assert!(rp.is_active(&next.access).await);
    assert!(!server.events().await.iter().any(|event| event.to_string().contains("client_session_host")));
}

#[tokio::test]
async fn the_id_token_of_a_refresh_is_of_the_same_sign_in() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let first = rp.tokens_for(&alice).await;
    server.wait(100);
    let second = rp.refresh(&first).await;
    let (old, new) = (claims(first.id_token.as_deref().unwrap()), claims(second.id_token.as_deref().unwrap()));
    for name in ["iss", "sub", "aud", "auth_time"] {
        assert_eq!(old[name], new[name], "{name}");
    }
    assert_eq!(new["iat"].as_i64(), old["iat"].as_i64().map(|time| time + 100));
    assert_eq!(new.get("nonce"), None);
}

#[tokio::test]
async fn an_access_token_lives_ten_minutes() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    server.wait(599);
    assert!(rp.is_active(&tokens.access).await && rp.userinfo(&tokens.access).await.status == 200);
    server.wait(1);
    assert!(!rp.is_active(&tokens.access).await && rp.userinfo(&tokens.access).await.status == 401);
}
