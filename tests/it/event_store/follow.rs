//! Following: nothing skipped, nothing twice, and standing still rather than going on without an event.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::support::{Bench, Note, TRAIL, bench, context, id, open, write};
use argus::entropy::{Entropy, SeededEntropy};
use futures_util::future::join_all;
use sqlx::{Connection, Executor, PgConnection};
use std::time::Duration;
use tokio::time::sleep;

/// One writer of raw SQL: transactions of one or two events with pauses, 5 % rolled back.
async fn raw_writer(mut connection: PgConnection, seed: u64) {
    let entropy = SeededEntropy::new(seed);
    let random = |below: u64| {
        let mut bytes = [0; 8];
        entropy.fill(&mut bytes);
        u64::from_be_bytes(bytes) % below
    };
    for _ in 0..30 {
        let stream = id().to_string();
        let mut transaction = connection.begin().await.unwrap();
        sleep(Duration::from_millis(random(8))).await;
        for sequence in 1..=1 + i64::try_from(random(2)).unwrap() {
            insert(&mut transaction, &stream, sequence, "raw").await;
            sleep(Duration::from_millis(random(20))).await;
        }
        if random(20) == 0 { transaction.rollback().await.unwrap() } else { transaction.commit().await.unwrap() }
    }
}

async fn insert(connection: &mut PgConnection, stream: &str, sequence: i64, text: &str) {
    sqlx::query(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         VALUES ('grant', $1, $2, 'note.written', '1', jsonb_build_object('written', jsonb_build_object('text', $3::text)), '{}')",
    )
    .bind(stream)
    .bind(sequence)
    .bind(text)
    .execute(connection)
    .await
    .unwrap();
}

async fn failure(bench: &Bench) -> Option<String> {
    let query = "SELECT error FROM cursors WHERE name = 'trail' AND status = 'failing'";
    sqlx::query_scalar(query).fetch_optional(&mut bench.at.owner().await).await.unwrap()
}

async fn failure_within(bench: &Bench, patience: Duration) -> String {
    for _ in 0..patience.as_millis() / 20 {
        if let Some(error) = failure(bench).await {
            return error;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("the follower does not say that it stands still")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_24_writers_delays_and_rollbacks_nothing_is_skipped_and_nothing_comes_twice() {
    let bench = bench().await.with_trail().await;
    let other = open(&bench.database).await;
    let _followers = [bench.store.follow_with([TRAIL]), other.follow_with([TRAIL])];
    let mut writers = Vec::new();
    for seed in 0..24 {
        writers.push(tokio::spawn(raw_writer(bench.at.owner().await, seed)));
    }
    for n in 0..400 {
        let store = if n % 2 == 0 { bench.store.clone() } else { other.clone() };
        writers.push(tokio::spawn(async move {
            sleep(Duration::from_millis(n)).await;
            store.create::<Note>(id(), write("appended"), &context()).await.unwrap();
        }));
    }
    for writer in join_all(writers).await {
        writer.unwrap();
    }
    let log: Vec<_> = bench.log().await.into_iter().map(|row| row.0).collect();
    let holes = log.last().unwrap() - i64::try_from(log.len()).unwrap();
    assert!(holes > 0, "without rollbacks this proves nothing");
    assert_eq!(bench.trail_of(log.len()).await, log);
    assert_eq!(failure(&bench).await, None);
}

#[tokio::test]
async fn an_open_transaction_holds_followers_back_and_its_rollback_lets_them_go() {
    let bench = bench().await.with_trail().await;
    let _followers = bench.store.follow_with([TRAIL]);
    let mut slow = bench.at.owner().await;
    let mut transaction = slow.begin().await.unwrap();
    insert(&mut transaction, &id().to_string(), 1, "slow").await;
    let later = bench.store.create::<Note>(id(), write("fast"), &context()).await.unwrap();
    sleep(Duration::from_millis(300)).await;
    assert!(bench.store.watcher().safe() < later.position);
    assert!(bench.trail().await.is_empty());
    transaction.rollback().await.unwrap();
    assert_eq!(bench.trail_of(1).await, [later.position]);
}

#[tokio::test]
async fn a_failing_event_stops_the_follower_which_says_so_and_goes_on_when_it_can() {
    let bench = bench().await.with_trail().await;
    let before = bench.store.create::<Note>(id(), write("good"), &context()).await.unwrap().position;
    bench.store.create::<Note>(id(), write("poison"), &context()).await.unwrap();
    bench.store.create::<Note>(id(), write("good"), &context()).await.unwrap();
    let _followers = bench.store.follow_with([TRAIL]);
    assert!(failure_within(&bench, Duration::from_secs(5)).await.contains("antidote"));
    assert_eq!(bench.trail_of(1).await, [before], "up to the bad event, not beyond it");
    let cure = "CREATE TABLE antidote (); GRANT SELECT ON antidote TO argus_app";
    bench.at.owner().await.execute(cure).await.unwrap();
    bench.trail_of(3).await;
    assert_eq!(failure(&bench).await, None);
}

#[tokio::test]
async fn a_cursor_beyond_the_log_or_below_a_dropped_range_is_an_error() {
    for (spoil, complaint) in [
        ("UPDATE cursors SET position = 50 WHERE name = 'trail'", "beyond the log"),
        (
            "INSERT INTO dropped_ranges (partition, aggregate_type, first_position, last_position, events, tree_size, root,
                note) VALUES ('p', 'grant', 1, 1, 1, 1, '', '')",
            "dropped",
        ),
        ("UPDATE cursors SET version = 2 WHERE name = 'trail'", "version 2"),
    ] {
        let bench = bench().await.with_trail().await;
        bench.store.create::<Note>(id(), write("a"), &context()).await.unwrap();
        bench.at.owner().await.execute(spoil).await.unwrap();
        let _followers = bench.store.follow_with([TRAIL]);
        let error = failure_within(&bench, Duration::from_secs(5)).await;
        assert!(error.contains(complaint), "{error}");
        assert!(bench.trail().await.is_empty());
    }
}

#[tokio::test]
async fn followers_survive_the_loss_of_all_connections() {
    let bench = bench().await.with_trail().await;
    let _followers = bench.store.follow_with([TRAIL]);
    for n in 0..5 {
        bench.store.create::<Note>(id(), write(n.to_string()), &context()).await.unwrap();
        bench.at.cut_connections().await;
    }
    bench.trail_of(5).await;
}
