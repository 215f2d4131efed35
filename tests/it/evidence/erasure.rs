//! A person is erased: nothing tells who it was, and the log is still the one that was recorded.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{notary, settled};
use crate::support::{
    directory::{desk, issue_key, tell},
    postgres::scratch,
    relying_party::TOKEN,
    server::{TestServer, form, from, with},
};
use aggregates::user::UserCommand;
use argus::{
    directory::users,
    event_store::replay::Replay,
    evidence::{Report, Source, Verification},
};
use projections::replayed;
use sqlx::PgConnection;
use std::path::Path;
use uuid::Uuid;

const OWN: &str = "/currentuser/v1/permissions";
const AWAY: &str = "198.51.100.77";
/// From where her script comes.
const RANGE: &str = "203.0.113.0/24";

/// Every row of every table of the database, as text.
async fn everything(c: &mut PgConnection) -> String {
    let tables = "SELECT table_name::text FROM information_schema.tables
                  WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *c).await.unwrap();
    let mut all = String::new();
    for table in tables {
        let sql = format!(
            "SELECT coalesce(string_agg(to_jsonb(t)::text, '\n' ORDER BY to_jsonb(t)::text), '') FROM {table} t"
        );
        all += &sqlx::query_scalar::<_, String>(&sql).fetch_one(&mut *c).await.unwrap();
    }
    all
}

async fn read_models(c: &mut PgConnection) -> Vec<String> {
    let mut all = Vec::new();
    for table in replayed().flat_map(|model| model.tables) {
        let sql = format!(
            "SELECT coalesce(string_agg(to_jsonb(t)::text, '\n' ORDER BY to_jsonb(t)::text), '') FROM {table} t"
        );
        all.push(format!("{table} {}", sqlx::query_scalar::<_, String>(&sql).fetch_one(&mut *c).await.unwrap()));
    }
    all
}

/// How much is kept of a person beside the log.
async fn kept(c: &mut PgConnection, user: Uuid) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM personal_keys WHERE subject_id = $1)
                   + (SELECT count(*) FROM pictures WHERE user_id = $1)";
    sqlx::query_scalar(sql).bind(user).fetch_one(c).await.unwrap()
}

async fn verify(server: &TestServer, evidence: &Path) -> Report {
    let log = Source::Database(server.at.connections());
    let verifier = notary(server, None).verifier();
    Verification { log, evidence: Some(evidence.to_owned()), verifier }.run().await.unwrap()
}

#[tokio::test]
async fn who_does_not_exist_is_not_erased() {
    let server = TestServer::start().await;
    let mut desk = desk(&server.idp).await;
    users::erase(&mut desk, aggregates::ids::UserId::new(server.idp.new_id())).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_erased_is_told_by_nothing_and_the_log_verifies() {
    let server = TestServer::start().await;
    let (rp, evidence) = (server.confidential("app").await, scratch().join("evidence"));
    let alice = server.alice().at(AWAY);
    let tokens = rp.tokens_for(&alice).await;
    let key = issue_key(&server.idp, server.directory.alice, &[RANGE]).await;
    let script = form(TOKEN, &[("grant_type", "client_credentials"), ("client_id", "app")]);
    assert_eq!(server.call(from("203.0.113.9", with("argus-api-key", &key, script))).await.status, 200);
    server.audit().await;
    settled(&server).await;
    let notary = notary(&server, Some(evidence.clone()));
    notary.sign_now().await.unwrap();
    notary.tend().await.unwrap();
    let mut owner = server.at.owner().await;
    let alice_id = server.directory.alice.uuid();
    let picture = "INSERT INTO pictures (user_id, sealed) VALUES ($1, 'sealed')";
    sqlx::query(picture).bind(alice_id).execute(&mut owner).await.unwrap();
    assert_eq!((alice.get(OWN).await.status, kept(&mut owner, alice_id).await), (200, 2));
    let of_keys = "SELECT count(*) FROM audit WHERE ip_range IS NOT NULL AND api_key IS NOT NULL";
    assert_eq!(sqlx::query_scalar::<_, i64>(of_keys).fetch_one(&mut owner).await.unwrap(), 1);
    let before = everything(&mut owner).await;
    assert!(before.contains(AWAY) && before.contains("\"alice\""), "otherwise this proves nothing");

    let mut desk = desk(&server.idp).await;
    users::erase(&mut desk, server.directory.alice).await.unwrap();
    desk.commit().await.unwrap();
    assert_eq!(alice.get(OWN).await.status, 401, "her sessions ended with that");
    let again = alice.elsewhere();
    let fields = [("username", again.user_name.as_str()), ("password", &again.password)];
    assert_ne!(again.post("/login", &fields).await.status, 303);
    assert_eq!(kept(&mut owner, alice_id).await, 0);
    server.audit().await;
    settled(&server).await;
    let after = everything(&mut owner).await;
    for clear in [AWAY, "\"alice\"", "alice@", "Alice"] {
        assert!(!after.contains(clear), "{clear} is still there");
    }
    assert!(after.contains("user.erased"));
    assert_eq!(sqlx::query_scalar::<_, i64>(of_keys).fetch_one(&mut owner).await.unwrap(), 0);
    assert_eq!(rp.userinfo(&tokens.access).await.status, 401);
    tell(&server.idp, server.directory.bob, UserCommand::Block).await;
    settled(&server).await;
    assert_eq!(verify(&server, &evidence).await.finding, None);

    server.audit().await;
    let live = read_models(&mut owner).await;
    let options = server.idp.database.owner_options();
    for model in replayed() {
        let replay = Replay { owner: &options, unseal: &server.idp.keys, restart: false };
        replay.in_place(model, &mut |_| ()).await.unwrap();
    }
    assert_eq!(read_models(&mut owner).await, live);
    assert_eq!(verify(&server, &evidence).await.finding, None);
}
