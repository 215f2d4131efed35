//! Revocation: RFC 7009.

use super::scripts;
use crate::support::{
    directory,
    relying_party::{REVOKE, TOKEN},
    server::{TestServer, form, from, with},
};
use axum::{body::Body, http::Request};

#[tokio::test]
async fn only_the_client_itself_from_its_place_may_revoke() {
    let server = TestServer::start().await;
    let (rp, spa, alice) = (server.confidential("app").await, server.public("spa").await, server.alice());
    let (tokens, own) = (rp.tokens_for(&alice).await, spa.tokens_for(&alice).await);
    let secret = rp.secret.clone().unwrap();
    let asking = |token: &str, fields: &[(&str, &str)]| form(REVOKE, &[&[("token", token)], fields].concat());
    for request in [
        asking(&tokens.access, &[]),
        asking(&tokens.access, &[("client_id", "app")]),
        asking(&tokens.access, &[("client_id", "app"), ("client_secret", "wrong")]),
        asking(&tokens.access, &[("client_id", "nobody"), ("client_secret", &secret)]),
        asking(&own.access, &[("client_id", "spa"), ("client_secret", "any")]),
        from("192.0.2.1", asking(&tokens.access, &[("client_id", "app"), ("client_secret", &secret)])),
        from("192.0.2.1", asking(&own.access, &[("client_id", "spa")])),
        with("authorization", &format!("Bearer {}", tokens.access), asking(&tokens.access, &[])),
    ] {
        assert_eq!(server.call(request).await.oauth_error(), (401, "invalid_client".to_owned()));
    }
    assert_eq!(rp.call(REVOKE, &[]).await.oauth_error(), (400, "invalid_request".to_owned()));
    assert_eq!(server.call(Request::get(REVOKE).body(Body::empty()).unwrap()).await.status, 405);
    assert!(rp.is_active(&tokens.access).await && spa.userinfo(&own.access).await.status == 200);
}

#[tokio::test]
async fn what_is_not_the_clients_stays_as_it_was() {
    let server = TestServer::start().await;
    let (rp, other, alice) = (server.confidential("app").await, server.confidential("other").await, server.alice());
    let (tokens, foreign) = (rp.tokens_for(&alice).await, other.tokens_for(&alice).await);
    let code = rp.authorize(&alice).await;
    let before = server.count_events().await;
    let id_token = tokens.id_token.clone().unwrap();
    let session = alice.session_token();
    for token in ["junk", &foreign.access, &foreign.refresh, &code, &id_token, &session, &server.directory.admin_key] {
        let answer = rp.call(REVOKE, &[("token", token)]).await;
        assert_eq!((answer.status, answer.text()), (200, String::new()), "{token}");
    }
    assert_eq!(server.count_events().await, before);
    assert!(rp.is_active(&tokens.access).await && other.is_active(&foreign.access).await);
    assert_eq!(rp.try_redeem(&code).await.status, 200);
}

#[tokio::test]
async fn any_token_ends_all_of_its_grant_and_no_other() {
    let server = TestServer::start().await;
    let (rp, spa, alice) = (server.confidential("app").await, server.public("spa").await, server.alice());
    for party in [&rp, &spa] {
        let kept = party.tokens_for(&alice).await;
        for (n, hint) in ["access_token", "refresh_token", "", "nonsense"].into_iter().enumerate() {
            let first = party.tokens_for(&alice).await;
            let next = party.refresh(&first).await;
            let token = [&first.access, &next.access, &next.refresh, &first.refresh][n];
            let before = server.count_events().await;
            for _ in 0..2 {
                let answer = party.call(REVOKE, &[("token", token), ("token_type_hint", hint)]).await;
                assert_eq!(answer.status, 200, "{hint}");
            }
            let events = server.events().await;
            assert_eq!(events.len() as i64, before + 1, "one append, however often it is asked for");
            assert_eq!(events.last().unwrap()["payload"]["revoked"]["reason"], "by_client");
            for access in [&first.access, &next.access] {
                assert_eq!(party.userinfo(access).await.oauth_error(), (401, "invalid_token".to_owned()));
            }
            let refused = party.call(TOKEN, &[("grant_type", "refresh_token"), ("refresh_token", &next.refresh)]).await;
            assert_eq!(refused.oauth_error(), (400, "invalid_grant".to_owned()));
        }
        assert_eq!(party.userinfo(&kept.access).await.status, 200);
    }
}

#[tokio::test]
async fn a_scripts_token_is_revoked_by_its_client() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &[scripts::SCRIPT]).await;
    let token = scripts::issue(&rp, &key, &[("scope", "openid")]).await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(rp.call(REVOKE, &[("token", &token)]).await.status, 200);
    let used = from(scripts::SCRIPT, crate::support::relying_party::userinfo(&token));
    assert_eq!(server.call(used).await.status, 401);
}

#[tokio::test]
async fn nothing_is_called_revoked_while_storage_is_away() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    server.stop().await;
    let refused = rp.call(REVOKE, &[("token", &tokens.access)]).await;
    assert_eq!(refused.oauth_error(), (503, "temporarily_unavailable".to_owned()));
}
