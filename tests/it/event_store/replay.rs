//! Read models made anew from the log: in place of those in use, and beside them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::support::{Bench, Note, TRAIL, bench, context, id, unseal, write};
use argus::event_store::{
    StorageError,
    replay::{Replay, SchemaName, Step, Until, drop_schema, fill_side, known},
};
use projections::ReadModel;
use sqlx::{
    ConnectOptions, Executor, PgConnection,
    types::chrono::{DateTime, Utc},
};
use std::sync::atomic::{AtomicBool, Ordering};

async fn in_place(bench: &Bench, model: &ReadModel) -> Result<Vec<Step>, StorageError> {
    let mut told = Vec::new();
    let (owner, unseal) = (bench.database.owner_options(), unseal());
    let replay = Replay { owner: &owner, unseal: &*unseal, restart: false };
    replay.in_place(model, &mut |step| told.push(step)).await?;
    Ok(told)
}

struct Into<'a> {
    schema: &'a str,
    models: &'a [ReadModel],
    until: Until,
    restart: bool,
}

const LOOK: Into<'_> = Into { schema: "look", models: &[TRAIL], until: Until::Now, restart: false };

async fn replay_into(bench: &Bench, into: &Into<'_>) -> Result<Vec<Step>, StorageError> {
    let mut told = Vec::new();
    let (owner, unseal) = (bench.database.owner_options(), unseal());
    let replay = Replay { owner: &owner, unseal: &*unseal, restart: into.restart };
    let schema: SchemaName = into.schema.parse().unwrap();
    replay.into_schema(&schema, into.models, into.until, &mut |step| told.push(step)).await?;
    Ok(told)
}

/// The same read model in a table of its own.
const OTHER: ReadModel = ReadModel {
    name: "other",
    ddl: "CREATE TABLE other (position bigint PRIMARY KEY)",
    tables: &["other"],
    apply: |connection, events, _| {
        Box::pin(async move {
            for event in events {
                sqlx::query("INSERT INTO other VALUES ($1)").bind(event.position).execute(&mut *connection).await?;
            }
            Ok(())
        })
    },
    ..TRAIL
};

async fn write_one(bench: &Bench, text: &str) {
    bench.store.create::<Note>(id(), write(text), &context()).await.unwrap();
}

async fn positions(c: &mut PgConnection, table: &str) -> Vec<i64> {
    sqlx::query_scalar(&format!("SELECT position FROM {table} ORDER BY position")).fetch_all(c).await.unwrap()
}

#[test]
fn there_is_no_unknown_read_model() {
    known("no_such").unwrap_err();
}

#[tokio::test]
async fn a_replay_that_fails_leaves_the_live_tables_alone() {
    let bench = bench().await.with_trail().await;
    let _followers = bench.store.follow_with([TRAIL]);
    write_one(&bench, "good").await;
    let live = bench.trail_of(1).await;
    write_one(&bench, "poison").await;
    for _ in 0..2 {
        in_place(&bench, &TRAIL).await.unwrap_err();
    }
    assert_eq!(bench.trail().await, live);
}

#[tokio::test]
async fn a_schema_that_no_replay_has_made_is_left_alone() {
    let bench = bench().await.with_trail().await;
    let mut owner = bench.at.owner().await;
    owner.execute("CREATE SCHEMA look CREATE TABLE kept (id int)").await.unwrap();
    for restart in [false, true] {
        replay_into(&bench, &Into { restart, ..LOOK }).await.unwrap_err();
    }
    drop_schema(&bench.database.owner_options(), &"look".parse().unwrap()).await.unwrap_err();
    owner.execute("SELECT FROM look.kept").await.unwrap();
}

#[tokio::test]
async fn a_point_that_the_log_has_not_come_to_is_refused() {
    let bench = bench().await.with_trail().await;
    write_one(&bench, "a").await;
    let later: DateTime<Utc> =
        sqlx::query_scalar("SELECT now() + interval '1 hour'").fetch_one(&mut bench.at.owner().await).await.unwrap();
    for until in [Until::Position(-1), Until::Position(1_000_000), Until::Time(later)] {
        replay_into(&bench, &Into { until, ..LOOK }).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_schema_that_holds_another_replay_is_made_anew_only_when_told_to() {
    let bench = bench().await.with_trail().await;
    write_one(&bench, "a").await;
    write_one(&bench, "b").await;
    let [first, second] = bench.log().await.iter().map(|row| row.0).collect::<Vec<_>>().try_into().unwrap();
    let to_first = Into { until: Until::Position(first), ..LOOK };
    replay_into(&bench, &to_first).await.unwrap();
    for other in [LOOK, Into { models: &[OTHER], ..to_first }, Into { until: Until::Position(second), ..LOOK }] {
        replay_into(&bench, &other).await.unwrap_err();
    }
    let mut owner = bench.at.owner().await;
    assert_eq!(positions(&mut owner, "look.trail").await, [first]);
    replay_into(&bench, &Into { restart: true, ..LOOK }).await.unwrap();
    assert_eq!(positions(&mut owner, "look.trail").await, [first, second]);
    assert!(bench.trail().await.is_empty(), "the live table is as it was");
    drop_schema(&bench.database.owner_options(), &"look".parse().unwrap()).await.unwrap();
    owner.execute("SELECT FROM look.trail").await.unwrap_err();
}

#[tokio::test]
async fn what_was_interrupted_goes_on_where_it_was() {
    let bench = bench().await.with_trail().await;
    for text in ["a", "b", "poison"] {
        write_one(&bench, text).await;
    }
    let both = Into { models: &[OTHER, TRAIL], ..LOOK };
    replay_into(&bench, &both).await.unwrap_err();
    let mut owner = bench.at.owner().await;
    owner.execute("CREATE TABLE antidote ()").await.unwrap();
    write_one(&bench, "c").await;
    let told = replay_into(&bench, &both).await.unwrap();
    let step = |model, done, total| Step { model, done, total };
    let others: Vec<_> = told.iter().filter(|step| step.model == "other").copied().collect();
    assert_eq!(others, [step("other", 3, 4), step("other", 4, 4)], "three were in already");
    assert_eq!(told.last(), Some(&step("trail", 4, 4)));
    let log: Vec<_> = bench.log().await.into_iter().map(|row| row.0).collect();
    assert_eq!(positions(&mut owner, "look.other").await, log);
    assert_eq!(positions(&mut owner, "look.trail").await, log);
}

#[tokio::test]
async fn tables_of_one_connection_are_as_of_a_time_and_gone_with_it() {
    let bench = bench().await.with_trail().await;
    let _followers = bench.store.follow_with([TRAIL]);
    write_one(&bench, "before").await;
    let mut owner = bench.at.owner().await;
    let between: DateTime<Utc> = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&mut owner).await.unwrap();
    write_one(&bench, "after").await;
    let live = bench.trail_of(2).await;
    let (options, unseal) = (bench.database.owner_options(), unseal());
    let mut side = fill_side(&options, &[TRAIL], Until::Time(between), &*unseal).await.unwrap();
    assert_eq!(positions(side.connection(), "trail").await, live[..1]);
    assert_eq!(side.until(), live[0]);
    assert_eq!(bench.trail().await, live, "nobody else sees them");
    side.close().await;
    let none = fill_side(&options, &[TRAIL], Until::Position(0), &*unseal).await.unwrap();
    assert_eq!(none.until(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_beside_writers_and_followers_equals_the_live_tables() {
    let bench = bench().await.with_trail().await;
    let _followers = bench.store.follow_with([TRAIL]);
    let writing = std::sync::Arc::new(AtomicBool::new(true));
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (store, writing) = (bench.store.clone(), std::sync::Arc::clone(&writing));
            tokio::spawn(async move {
                let mut count = 0;
                while writing.load(Ordering::SeqCst) {
                    store.create::<Note>(id(), write("a"), &context()).await.unwrap();
                    count += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
                count
            })
        })
        .collect();
    bench.trail_of(200).await;
    // Rows that no event has made are gone afterwards.
    bench.at.owner().await.execute("INSERT INTO trail VALUES (-1, 'x', 'x')").await.unwrap();
    for _ in 0..3 {
        let told = in_place(&bench, &TRAIL).await.unwrap();
        let last = told.last().copied().unwrap();
        assert_eq!(last.done, last.total);
    }
    writing.store(false, Ordering::SeqCst);
    let mut written = 0;
    for writer in writers {
        written += writer.await.unwrap();
    }
    let log: Vec<_> = bench.log().await.into_iter().map(|row| row.0).collect();
    assert_eq!(log.len(), written);
    assert_eq!(bench.trail_of(log.len()).await, log);
}

#[tokio::test]
async fn statements_that_were_prepared_before_the_swap_keep_working() {
    let bench = bench().await.with_trail().await;
    let _followers = bench.store.follow_with([TRAIL]);
    let mut application = bench.database.options().connect().await.unwrap();
    for n in 1..4 {
        bench.store.create::<Note>(id(), write("a"), &context()).await.unwrap();
        bench.trail_of(n).await;
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM trail").fetch_one(&mut application).await.unwrap();
        assert_eq!(usize::try_from(count), Ok(n));
        in_place(&bench, &TRAIL).await.unwrap();
    }
}

#[tokio::test]
async fn a_new_version_serves_after_its_replay() {
    let bench = bench().await.with_trail().await;
    bench.store.create::<Note>(id(), write("a"), &context()).await.unwrap();
    let newer = ReadModel {
        version: 2,
        ddl: "CREATE TABLE trail (position bigint PRIMARY KEY, aggregate_id text NOT NULL, text text NOT NULL, note text)",
        ..TRAIL
    };
    let newer = ReadModel {
        apply: |connection, events, _| {
            Box::pin(async move {
                for event in events {
                    let insert = sqlx::query("INSERT INTO trail VALUES ($1, $2, 'x', 'new')");
                    insert.bind(event.position).bind(&event.aggregate_id).execute(&mut *connection).await?;
                }
                Ok(())
            })
        },
        ..newer
    };
    in_place(&bench, &newer).await.unwrap();
    let _followers = bench.store.follow_with([newer]);
    bench.store.create::<Note>(id(), write("b"), &context()).await.unwrap();
    bench.trail_of(2).await;
    let notes: i64 = sqlx::query_scalar("SELECT count(*) FROM trail WHERE note = 'new'")
        .fetch_one(&mut bench.at.owner().await)
        .await
        .unwrap();
    assert_eq!(notes, 2);
}
