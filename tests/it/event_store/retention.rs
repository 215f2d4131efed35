//! Months that leave the log: why they may not, and what is left when they have.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::support::{Bench, NOW, Note, TRAIL, bench, context, unseal, write};
use aggregates::values::{Seconds, Timestamp};
use argus::{
    clock::ManualClock,
    entropy::{SeededEntropy, new_id},
    event_store::{
        StorageError,
        replay::{Replay, SchemaName, Until, fill_side},
        retention::{self, Month, Reason, Terms, plan},
    },
};
use sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::time::Duration;
use tokio::time::sleep;

const DAY: i64 = 86_400;
/// 2026-05-24.
const MAY: Timestamp = Timestamp::from_millis(NOW.millis() - 184 * DAY * 1000);
const TERMS: Terms = Terms { keep_months: 5, now: NOW };

/// A log with two grants of May and one of November, which a trail follows.
async fn two_months() -> Bench {
    let bench = bench().await.with_trail().await;
    bench.database.ensure_partitions(MAY).await.unwrap();
    let may = new_id(&ManualClock::at(MAY), &SeededEntropy::new(1));
    bench.store.create::<Note>(may, write("old"), &context()).await.unwrap();
    let later = new_id(&ManualClock::at(MAY.after(Seconds(DAY))), &SeededEntropy::new(2));
    bench.store.create::<Note>(later, write("old too"), &context()).await.unwrap();
    bench.store.create::<Note>(super::support::id(), write("new"), &context()).await.unwrap();
    bench
}

/// Everybody has passed everything, and it is signed.
async fn pass(bench: &Bench) {
    let mut owner = bench.at.owner().await;
    let last = bench.log().await.last().unwrap().0;
    sqlx::query("UPDATE cursors SET position = $1").bind(last).execute(&mut owner).await.unwrap();
    cover(bench, last).await;
}

async fn cover(bench: &Bench, last: i64) {
    let insert = "INSERT INTO checkpoints (tree_size, last_position, root, signed_at, note)
                  VALUES ($1, $1, decode(repeat('ab', 32), 'hex'), 0, 'signed')";
    sqlx::query(insert).bind(last).execute(&mut bench.at.owner().await).await.unwrap();
}

async fn month(bench: &Bench, terms: Terms, partition: &str) -> Month {
    let months = plan(&bench.database.owner_options(), terms).await.unwrap();
    months.into_iter().find(|month| month.partition == partition).unwrap()
}

async fn run(owner: &PgConnectOptions, terms: Terms) -> Result<Vec<String>, StorageError> {
    let months = retention::run(owner, terms, &|month| format!("{} leaves", month.partition)).await?;
    Ok(months.into_iter().map(|month| month.partition).collect())
}

async fn dropped(bench: &Bench, terms: Terms) -> Vec<String> {
    run(&bench.database.owner_options(), terms).await.unwrap()
}

/// Somebody reads the log, and a run, which has judged all months, waits for that.
async fn waiting_run(bench: &Bench) -> (PgConnection, tokio::task::JoinHandle<Result<Vec<String>, StorageError>>) {
    let mut reader = bench.at.owner().await;
    reader.execute("BEGIN; SELECT count(*) FROM events").await.unwrap();
    let owner = bench.database.owner_options();
    let waits = tokio::spawn(async move { run(&owner, TERMS).await });
    let begun = "SELECT EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
    while !sqlx::query_scalar::<_, bool>(begun).fetch_one(&mut reader).await.unwrap() {
        sleep(Duration::from_millis(10)).await;
    }
    (reader, waits)
}

#[tokio::test]
async fn a_month_that_somebody_may_need_stays() {
    let bench = two_months().await;
    let (may, last) = ("events_grant_2026_05", bench.log().await[1].0);
    let reasons = month(&bench, Terms { keep_months: 6, ..TERMS }, may).await.reasons;
    assert!(matches!(reasons[..], [Reason::Young(_), Reason::Behind(..), Reason::Uncovered(0)]), "{reasons:?}");
    assert!(dropped(&bench, TERMS).await.iter().all(|partition| partition != may));
    pass(&bench).await;
    let mut owner = bench.at.owner().await;
    let behind = format!("UPDATE cursors SET position = {} WHERE name = 'trail'", last - 1);
    owner.execute(behind.as_str()).await.unwrap();
    assert_eq!(month(&bench, TERMS, may).await.reasons, [Reason::Behind("trail".to_owned(), last - 1)]);
    let ahead = format!("UPDATE cursors SET position = {last} WHERE name = 'trail'");
    owner.execute(ahead.as_str()).await.unwrap();
    // A sink counts as much as a read model.
    let sink = format!("INSERT INTO cursors (name, version, position) VALUES ('sink:feed', 1, {})", last - 1);
    owner.execute(sink.as_str()).await.unwrap();
    assert_eq!(month(&bench, TERMS, may).await.reasons, [Reason::Behind("sink:feed".to_owned(), last - 1)]);
    assert!(dropped(&bench, TERMS).await.iter().all(|partition| partition != may));
    // A grant that is refreshed for half a year is as old as its first event.
    let alive = NOW.after(Seconds(1));
    sqlx::query(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT aggregate_type, aggregate_id, 2, event_type, '1', jsonb_build_object('tokens_refreshed',
            jsonb_build_object('refresh_expires_at', $1::bigint)), '{}' FROM events WHERE position = $2",
    )
    .bind(alive.millis())
    .bind(last)
    .execute(&mut owner)
    .await
    .unwrap();
    pass(&bench).await;
    assert_eq!(month(&bench, TERMS, may).await.reasons, [Reason::Alive(alive)]);
    assert!(dropped(&bench, TERMS).await.iter().all(|partition| partition != may));
    assert_eq!(bench.log().await.len(), 4);
}

#[tokio::test]
async fn an_unfinished_replay_is_not_robbed_of_its_events() {
    let bench = two_months().await;
    pass(&bench).await;
    bench.at.owner().await.execute("CREATE SCHEMA replay_users CREATE TABLE replay ()").await.unwrap();
    let refused = run(&bench.database.owner_options(), TERMS).await.unwrap_err();
    assert!(matches!(refused, StorageError::Invalid(reason) if reason.contains("replay_users")));
    assert_eq!(bench.log().await.len(), 3);
}

#[tokio::test]
async fn one_run_at_a_time() {
    let bench = two_months().await;
    pass(&bench).await;
    let (reader, waits) = waiting_run(&bench).await;
    let refused = run(&bench.database.owner_options(), TERMS).await.unwrap_err();
    assert!(matches!(refused, StorageError::Invalid(reason) if reason.contains("another run")));
    reader.close().await.unwrap();
    assert!(waits.await.unwrap().unwrap().contains(&"events_grant_2026_05".to_owned()));
    assert!(dropped(&bench, TERMS).await.is_empty(), "once");
}

#[tokio::test]
async fn a_month_that_grows_after_it_was_judged_stays() {
    let bench = two_months().await;
    pass(&bench).await;
    let (reader, waits) = waiting_run(&bench).await;
    let late = new_id(&ManualClock::at(MAY.after(Seconds(2 * DAY))), &SeededEntropy::new(3));
    bench.store.create::<Note>(late, write("late"), &context()).await.unwrap();
    reader.close().await.unwrap();
    let refused = waits.await.unwrap().unwrap_err();
    assert!(matches!(refused, StorageError::Invalid(reason) if reason.contains("has grown")));
    assert_eq!(bench.log().await.len(), 4);
}

#[tokio::test]
async fn a_month_waits_for_whoever_replays_the_log() {
    let bench = two_months().await;
    pass(&bench).await;
    let (owner, unseal) = (bench.database.owner_options(), unseal());
    let side = fill_side(&owner, &[TRAIL], Until::Now, &*unseal).await.unwrap();
    let waits = tokio::spawn({
        let owner = owner.clone();
        async move { run(&owner, TERMS).await }
    });
    sleep(Duration::from_secs(1)).await;
    assert!(!waits.is_finished());
    assert_eq!(bench.log().await.len(), 3);
    side.close().await;
    assert!(waits.await.unwrap().unwrap().contains(&"events_grant_2026_05".to_owned()));
}

#[tokio::test]
async fn a_run_that_dies_between_detaching_and_dropping_leaves_everything_as_it_was() {
    let bench = two_months().await;
    pass(&bench).await;
    let log = bench.log().await;
    let mut owner = bench.at.owner().await;
    owner
        .execute(
            "CREATE FUNCTION die() RETURNS event_trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); END';
             CREATE EVENT TRIGGER die ON ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION die()",
        )
        .await
        .unwrap();
    let died = run(&bench.database.owner_options(), TERMS).await.unwrap_err();
    assert!(matches!(died, StorageError::Unavailable(_)), "{died:?}");
    assert_eq!(bench.log().await, log, "it is still part of the log");
    let written = "SELECT count(*) FROM dropped_ranges";
    assert_eq!(sqlx::query_scalar::<_, i64>(written).fetch_one(&mut owner).await.unwrap(), 0);
    owner.execute("DROP EVENT TRIGGER die").await.unwrap();
    assert!(dropped(&bench, TERMS).await.contains(&"events_grant_2026_05".to_owned()));
    assert_eq!(bench.log().await, log[2..]);
}

#[tokio::test]
async fn a_month_that_nobody_needs_leaves_and_is_written_down() {
    let bench = two_months().await;
    pass(&bench).await;
    let log = bench.log().await;
    assert!(month(&bench, TERMS, "events_grant_2026_11").await.reasons.iter().any(|r| matches!(r, Reason::Young(_))));
    assert!(dropped(&bench, TERMS).await.contains(&"events_grant_2026_05".to_owned()));
    assert_eq!(bench.log().await, log[2..]);
    let mut owner = bench.at.owner().await;
    let written: (String, String, i64, i64, i64, i64, Vec<u8>, String) = sqlx::query_as(
        "SELECT partition, aggregate_type, first_position, last_position, events, tree_size, root, note FROM dropped_ranges",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    let expected = ("events_grant_2026_05", "grant", log[0].0, log[1].0, 2, log[2].0, vec![0xab; 32]);
    let (partition, kind, first, last, events, tree, root) = expected;
    let note = format!("{partition} leaves");
    assert_eq!(written, (partition.to_owned(), kind.to_owned(), first, last, events, tree, root, note));
    assert!(dropped(&bench, TERMS).await.is_empty(), "once");
}

#[tokio::test]
async fn a_read_model_that_needs_what_was_dropped_cannot_be_made_anew() {
    let bench = two_months().await;
    pass(&bench).await;
    dropped(&bench, TERMS).await;
    let (owner, unseal) = (bench.database.owner_options(), unseal());
    let replay = Replay { owner: &owner, unseal: &*unseal, restart: false };
    let refused = replay.in_place(&TRAIL, &mut |_| ()).await.unwrap_err();
    assert!(refused.to_string().contains("events_grant_2026_05"), "{refused}");
    let none = fill_side(&owner, &[projections::sessions::MODEL], Until::Now, &*unseal).await.unwrap();
    none.close().await;
}

#[tokio::test]
async fn a_replay_does_not_go_on_over_months_that_have_left_since() {
    let bench = two_months().await;
    pass(&bench).await;
    let (owner, unseal) = (bench.database.owner_options(), unseal());
    let replay = Replay { owner: &owner, unseal: &*unseal, restart: false };
    let look: SchemaName = "look".parse().unwrap();
    replay.into_schema(&look, &[TRAIL], Until::Now, &mut |_| ()).await.unwrap();
    replay.into_schema(&look, &[TRAIL], Until::Now, &mut |_| ()).await.unwrap();
    dropped(&bench, TERMS).await;
    let refused = replay.into_schema(&look, &[TRAIL], Until::Now, &mut |_| ()).await.unwrap_err();
    assert!(refused.to_string().contains("months have left the log since"), "{refused}");
}
