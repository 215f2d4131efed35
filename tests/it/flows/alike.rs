//! Whatever is wrong with a token, the answer has the same bytes and the same work behind it: one read, and no write that it waits
//! for. So no answer and no clock tells a token that works elsewhere from one that never was.

use crate::support::{
    postgres::fresh,
    relying_party::{INTROSPECT, REVOKE, RelyingParty, TOKEN, USERINFO},
    server::{Answer, ISSUER, TestServer, form, with},
    wire::Wire,
};
use argus::tokens::Kind;
use axum::{body::Body, http::Request};
use sqlx::Executor;
use std::time::Duration;

/// Nobody waits so long for an answer that waits for nothing.
const PATIENCE: Duration = Duration::from_secs(30);
const PATHS: [&str; 4] = [TOKEN, USERINFO, "/authentication/v1/session", INTROSPECT];

/// A server whose round trips are counted.
async fn tapped(wire: &Wire) -> TestServer {
    let at = fresh();
    let mut config = at.config();
    config.database = at.config_through(&wire.socket_dir).database;
    config.issuer = ISSUER.parse().unwrap();
    TestServer::start_on(at, config).await
}

/// One token for each cause, with the address that is asserted for it: of no grant, somebody else's, too old, revoked, and used
/// from where it may not be.
async fn useless(server: &TestServer, rp: &RelyingParty, foreign: &RelyingParty) -> Vec<(&'static str, String)> {
    let alice = server.alice();
    let expired = rp.tokens_for(&alice).await.access;
    server.wait(600);
    let idp = &server.idp;
    let unknown = idp.tokens.fresh(Kind::Access, idp.new_id(), 1, idp.entropy.as_ref());
    let revoked = rp.tokens_for(&alice).await;
    assert_eq!(rp.call(REVOKE, &[("token", &revoked.refresh)]).await.status, 200);
    vec![
        ("unknown", format!("alice/{}", idp.tokens.encode(&unknown))),
        ("expired", expired),
        ("revoked", revoked.access),
        ("foreign", foreign.tokens_for(&alice).await.access),
        ("misplaced", rp.tokens_for(&alice).await.access),
    ]
}

/// Asks with an address that is not the token's, from the client's range.
async fn ask(rp: &RelyingParty, path: &str, token: &str) -> Answer {
    let request = match path {
        INTROSPECT => form(path, &rp.with_credentials(&[("token", token)])),
        _ => with("authorization", &format!("Bearer {token}"), Request::get(path).body(Body::empty()).unwrap()),
    };
    let answer = tokio::time::timeout(PATIENCE, rp.send(with("x-forwarded-for", "198.51.100.7", request))).await;
    let mut answer = answer.unwrap();
    answer.headers.remove("x-request-id");
    answer
}

#[tokio::test]
async fn every_cause_costs_one_read_and_waits_for_no_write() {
    let wire = Wire::tap();
    let server = tapped(&wire).await;
    let (rp, foreign) = (server.confidential("app").await, server.confidential("other").await);
    let causes = useless(&server, &rp, &foreign).await;
    // Twice in advance: what rests on definitions is kept, and each reader has prepared its statement.
    for _ in 0..2 {
        for path in PATHS {
            for (_, token) in &causes {
                ask(&rp, path, token).await;
            }
        }
    }
    let mut owner = server.at.owner().await;
    owner.execute("BEGIN; LOCK TABLE events IN SHARE MODE").await.unwrap();
    for path in PATHS {
        let mut first = None;
        for (cause, token) in &causes {
            let before = wire.round_trips();
            let answer = ask(&rp, path, token).await;
            let turns = wire.turns_after(before);
            let read: Vec<_> = turns.iter().filter(|turn| turn.who == "argus standings").collect();
            assert_eq!(read.len(), 1, "{cause} at {path}: {turns:#?}");
            assert!(!turns.iter().any(|turn| turn.who == "argus"), "{cause} at {path}: {turns:#?}");
            assert_eq!(first.get_or_insert_with(|| answer.clone()), &answer, "{cause} at {path}");
        }
        assert_ne!(first.map(|answer| answer.text().contains("\"active\":true")), Some(true), "{path}");
    }
    owner.execute("ROLLBACK").await.unwrap();
}
