//! A signed token that is issued while what it hangs on is being taken away: it comes before, or it does not come at all.

use super::scripts;
use crate::support::{
    directory,
    relying_party::TOKEN,
    server::{Answer, TestServer, form, from, with},
};
use aggregates::values::AccessTokenFormat;
use sqlx::{Connection, Executor, PgConnection};
use std::time::Duration;
use tokio::{task::JoinHandle, time::sleep};

/// Long enough for an answer that nothing holds up.
const A_WHILE: Duration = Duration::from_millis(400);

/// What a revocation does to the read models, each in its own way.
const REVOCATIONS: [&str; 5] = [
    "UPDATE users SET epoch = epoch + 1 WHERE user_name = 'alice'",
    "UPDATE users SET status = 'blocked' WHERE user_name = 'alice'",
    "UPDATE clients SET epoch = epoch + 1 WHERE short_name = 'app'",
    "UPDATE clients SET deleted = true WHERE short_name = 'app'",
    "UPDATE sessions SET ended_at = 1, end_reason = 'signed_out'",
];

async fn begun(server: &TestServer, revocation: &str) -> PgConnection {
    let mut owner = server.at.owner().await;
    owner.execute("BEGIN").await.unwrap();
    assert!(owner.execute(revocation).await.unwrap().rows_affected() > 0, "{revocation}");
    owner
}

fn sent(server: &TestServer, request: axum::http::Request<axum::body::Body>) -> JoinHandle<Answer> {
    let server = server.clone();
    tokio::spawn(async move { server.call(request).await })
}

async fn ends(mut owner: PgConnection, how: &str) {
    owner.execute(how).await.unwrap();
    owner.close().await.unwrap();
}

async fn last_event(server: &TestServer) -> String {
    server.events().await.pop().unwrap()["type"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_signed_token_is_issued_after_a_revocation_that_began_first() {
    for revocation in REVOCATIONS {
        let server = TestServer::start().await;
        let signed = |definition: &mut aggregates::client::Definition| {
            definition.access_token_format = AccessTokenFormat::Jwt;
        };
        let (rp, plain, alice) =
            (server.client("app", signed).await, server.confidential("plain").await, server.alice());
        let (code, other) = (rp.authorize(&alice).await, plain.authorize(&alice).await);
        let redemption = || form(TOKEN, &rp.with_credentials(&rp.redemption(&code)));

        let owner = begun(&server, revocation).await;
        let waiting = sent(&server, redemption());
        assert_eq!(plain.try_redeem(&other).await.status, 200, "who is asked at each use need not wait: {revocation}");
        sleep(A_WHILE).await;
        assert!(!waiting.is_finished(), "it waits for what comes of it: {revocation}");
        ends(owner, "COMMIT").await;
        assert_eq!(waiting.await.unwrap().oauth_error(), (400, "invalid_grant".to_owned()), "{revocation}");
        assert_eq!(last_event(&server).await, "grant.refused", "{revocation}");
    }
}

#[tokio::test]
async fn what_is_taken_back_held_nobody_up_for_longer() {
    let server = TestServer::start().await;
    let rp = server.client("app", |definition| definition.access_token_format = AccessTokenFormat::Jwt).await;
    let code = rp.authorize(&server.alice()).await;
    let owner = begun(&server, REVOCATIONS[0]).await;
    let waiting = sent(&server, form(TOKEN, &rp.with_credentials(&rp.redemption(&code))));
    sleep(A_WHILE).await;
    ends(owner, "ROLLBACK").await;
    assert_eq!(waiting.await.unwrap().status, 200);
    assert_eq!(last_event(&server).await, "grant.code_redeemed");
}

#[tokio::test]
async fn a_scripts_signed_token_hangs_on_its_key() {
    let server = TestServer::start().await;
    let rp = server.client("app", |definition| definition.access_token_format = AccessTokenFormat::Jwt).await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &[scripts::SCRIPT]).await;
    let prefix = key.rsplit_once('/').unwrap().0;
    let owner = begun(&server, &format!("UPDATE api_keys SET revoked = true WHERE prefix = '{prefix}'")).await;
    let asked = form(TOKEN, &[("grant_type", "client_credentials"), ("client_id", rp.short_name.as_str())]);
    let waiting = sent(&server, from(scripts::SCRIPT, with("argus-api-key", &key, asked)));
    sleep(A_WHILE).await;
    assert!(!waiting.is_finished());
    ends(owner, "COMMIT").await;
    assert_eq!(waiting.await.unwrap().oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(last_event(&server).await, "grant.refused");
}
