//! What Postgres itself refuses, and which servers are refused.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::support::{NOW, Note, Pinned, bench, context, id, write};
use aggregates::values::Seconds;
use argus::database::{checks::check_server, partitions::ensure_partitions};
use sqlx::{ConnectOptions, Executor, PgConnection};

async fn leaves(owner: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar("SELECT relid::text FROM pg_partition_tree('public.events') WHERE isleaf")
        .fetch_all(owner)
        .await
        .unwrap()
}

async fn refused(connection: &mut PgConnection, statement: &str) -> String {
    match connection.execute(statement).await {
        Err(sqlx::Error::Database(error)) => error.code().unwrap_or_default().into_owned(),
        other => panic!("{statement}: {other:?}"),
    }
}

#[tokio::test]
async fn events_cannot_be_changed_or_removed_not_even_by_the_owner() {
    let bench = bench().await;
    bench.store.create::<Note>(id(), write("a"), &context()).await.unwrap();
    bench.store.create::<Pinned>(id(), write("a"), &context()).await.unwrap();
    let mut owner = bench.at.owner().await;
    // A month that is made later is guarded like the first ones.
    ensure_partitions(&mut owner, NOW.after(Seconds(90 * 86_400))).await.unwrap();
    let leaves = leaves(&mut owner).await;
    assert_eq!(leaves.len(), 9, "{leaves:?}");
    for table in leaves.iter().map(String::as_str).chain(["events", "events_grant", "events_session"]) {
        assert_eq!(refused(&mut owner, &format!("TRUNCATE {table}")).await, "23001");
    }
    for table in ["events", "events_grant", "events_session", "events_grant_2026_11"] {
        assert_eq!(refused(&mut owner, &format!("UPDATE {table} SET payload = '{{}}'")).await, "23001");
        assert_eq!(refused(&mut owner, &format!("DELETE FROM {table}")).await, "23001");
    }
}

#[tokio::test]
async fn the_applications_role_may_only_read_events_and_add_some() {
    let bench = bench().await;
    bench.store.create::<Note>(id(), write("a"), &context()).await.unwrap();
    let mut application = bench.database.options().connect().await.unwrap();
    for table in ["events", "events_grant", "events_definitions", "events_grant_2026_11"] {
        for statement in [
            format!("UPDATE {table} SET payload = '{{}}'"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
        ] {
            assert_eq!(refused(&mut application, &statement).await, "42501");
        }
    }
    assert_eq!(refused(&mut application, "SELECT FROM events_grant_2026_11").await, "42501");
    assert_eq!(refused(&mut application, "DELETE FROM dropped_ranges").await, "42501");
    assert_eq!(refused(&mut application, "ALTER TABLE events DISABLE TRIGGER ALL").await, "42501");
    application.execute("SELECT FROM events").await.unwrap();
}

#[tokio::test]
async fn a_server_that_could_lose_skip_or_repeat_events_is_refused() {
    let bench = bench().await;
    let mut owner = bench.at.owner().await;
    bench.store.create::<Note>(id(), write("a"), &context()).await.unwrap();
    check_server(&mut owner).await.unwrap();
    for (spoil, repair, complaint) in [
        ("SET synchronous_commit = off", "RESET synchronous_commit", "synchronous_commit"),
        ("ALTER SEQUENCE events_position_seq CACHE 20", "ALTER SEQUENCE events_position_seq CACHE 1", "CACHE 1"),
        (
            "ALTER SEQUENCE events_position_seq RESTART WITH 1",
            "SELECT setval('events_position_seq', 1)",
            "set it with setval() to at least 1",
        ),
        (
            "INSERT INTO cursors (name, version, position) VALUES ('x', 1, 77)",
            "DELETE FROM cursors WHERE name = 'x'",
            "set it with setval() to at least 77",
        ),
    ] {
        owner.execute(spoil).await.unwrap();
        let refused = check_server(&mut owner).await.unwrap_err().to_string();
        assert!(refused.contains(complaint), "{refused}");
        owner.execute(repair).await.unwrap();
    }
    check_server(&mut owner).await.unwrap();
}

#[tokio::test]
async fn partitions_may_be_asked_for_again_and_by_several_at_once() {
    let bench = bench().await;
    let later = NOW.after(Seconds(40 * 86_400));
    let (mut one, mut two) = (bench.at.owner().await, bench.at.owner().await);
    let (first, second) = tokio::join!(ensure_partitions(&mut one, later), ensure_partitions(&mut two, later));
    first.unwrap();
    second.unwrap();
    ensure_partitions(&mut one, later).await.unwrap();
    assert_eq!(leaves(&mut one).await.len(), 9);
}
