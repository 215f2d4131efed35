//! Blocking, unblocking, and whether a user can sign in.

use super::{by, by_key, data, fields};
use crate::support::{directory, server::TestServer};
use serde_json::{Value, json};

fn path(user: &str, what: &str) -> String {
    format!("/authentication/v1/user/{user}{what}")
}

#[tokio::test]
async fn who_may_not_manage_a_user_does_not_block() {
    let server = TestServer::start().await;
    let (alice, audrey) = (server.alice(), server.audrey());
    alice.sign_in().await;
    audrey.sign_in().await;
    directory::grant(&server.idp, &server.directory, audrey.id, "viewUsers", Some("acme")).await;
    let before = server.count_events().await;
    for what in ["/block", "/unblock"] {
        assert_eq!(server.call(super::request("PUT", &path("bob", what), &Value::Null)).await.status, 401);
        for user in ["bob", "nobody", "alice"] {
            assert_eq!(by(&alice, "PUT", &path(user, what), &Value::Null).await.status, 403, "alice views nobody");
        }
        assert_eq!(by(&audrey, "PUT", &path("alice", what), &Value::Null).await.status, 403, "seen, not managed");
        let mut answers = Vec::new();
        for user in ["bob", "nobody", "999999", "a/../b", "%ff"] {
            let mut answer = by(&audrey, "PUT", &path(&user.replace('/', "%2f"), what), &Value::Null).await;
            answer.headers.remove("x-request-id");
            assert_eq!(answer.status, 404, "{user}");
            answers.push(answer);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "who is elsewhere and who is not there are the same");
        assert_eq!(
            by(&audrey, "PUT", &path("alice", &format!("{what}?domain=elsewhere")), &Value::Null).await.status,
            404
        );
        assert_eq!(
            fields(&by(&audrey, "PUT", &path("alice", &format!("{what}?reason=x")), &Value::Null).await),
            ["reason"]
        );
    }
    assert_eq!(server.count_events().await, before);
    assert_eq!(data(&by(&audrey, "GET", &path("alice", ""), &Value::Null).await)["blocked"], false);
}

#[tokio::test]
async fn nobody_handles_a_user_who_may_do_more() {
    let server = TestServer::start().await;
    let audrey = server.audrey();
    audrey.sign_in().await;
    for function in ["viewUsers", "manageUsers"] {
        directory::grant(&server.idp, &server.directory, audrey.id, function, Some("acme")).await;
    }
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.1"]).await;
    let key = format!("/apikey/{}", key.rsplit_once('/').unwrap().0);
    let before = server.count_events().await;
    for (method, what) in [("PUT", "/block"), ("PUT", "/unblock"), ("DELETE", &*key)] {
        let answer = by(&audrey, method, &path("alice", what), &Value::Null).await;
        assert_eq!(answer.status, 403, "alice is an analyst, audrey is not: {what}");
    }
    assert_eq!(server.count_events().await, before);
    directory::grant(&server.idp, &server.directory, audrey.id, "analyst", Some("acme")).await;
    assert_eq!(by(&audrey, "PUT", &path("alice", "/block"), &Value::Null).await.status, 200);
}

#[tokio::test]
async fn nobody_blocks_themselves() {
    let server = TestServer::start().await;
    let admin = &server.directory.admin_key;
    for what in ["/block", "/unblock"] {
        assert_eq!(fields(&by_key(&server, admin, "PUT", &path("admin", what), &Value::Null).await), ["user"]);
    }
}

#[tokio::test]
async fn a_block_takes_effect_at_the_next_request_and_unblocking_revives_nothing() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let key = directory::issue_key(&server.idp, alice.id, &["127.0.0.1"]).await;
    let admin = &server.directory.admin_key;
    let domain = server.idp.config.domain();
    let block = path("alice", &format!("/block?domain={domain}"));
    let whoami = "/authentication/v1/session";
    assert_eq!(by(&alice, "GET", whoami, &Value::Null).await.status, 200);
    assert_eq!(data(&by_key(&server, admin, "PUT", &block, &Value::Null).await), json!({}));
    assert_eq!(by_key(&server, admin, "PUT", &block, &Value::Null).await.status, 220);
    assert_eq!(
        data(&by_key(&server, admin, "GET", &path("alice", ""), &Value::Null).await),
        json!({ "blocked": true, "forcePasswordChange": false })
    );
    for unblocked in [false, true] {
        if unblocked {
            assert_eq!(by_key(&server, admin, "PUT", &path("alice", "/unblock"), &Value::Null).await.status, 200);
            assert_eq!(by_key(&server, admin, "PUT", &path("alice", "/unblock"), &Value::Null).await.status, 220);
        }
        assert_eq!(by(&alice, "GET", whoami, &Value::Null).await.status, 401);
        assert_eq!(by_key(&server, &key, "GET", whoami, &Value::Null).await.status, 401);
        assert_eq!(rp.userinfo(&tokens.access).await.status, 401);
        assert_eq!(rp.try_refresh(&tokens.refresh).await.status, 400);
    }
    alice.elsewhere().sign_in().await;
    directory::set_password(&server.idp, alice.id, "set by somebody else entirely", true).await;
    assert_eq!(
        data(&by_key(&server, admin, "GET", &path("alice", ""), &Value::Null).await)["forcePasswordChange"],
        true
    );
}
