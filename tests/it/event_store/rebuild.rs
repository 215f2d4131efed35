//! Rebuilding a read model that is in use.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{Bench, Note, TRAIL, bench, context, id, unseal, write};
use argus::event_store::rebuild::{rebuild, rebuild_model};
use projections::ReadModel;
use sqlx::{ConnectOptions, Executor};
use std::sync::atomic::{AtomicBool, Ordering};

async fn rebuild_trail(bench: &Bench, model: &ReadModel) -> Vec<(i64, i64)> {
    let mut told = Vec::new();
    let options = bench.database.owner_options();
    rebuild_model(&options, model, &*unseal(), &mut |done, total| told.push((done, total))).await.unwrap();
    told
}

#[tokio::test]
async fn an_unknown_read_model_cannot_be_rebuilt() {
    let bench = bench().await;
    let options = bench.database.owner_options();
    rebuild(&options, "no_such", &*unseal(), &mut |_, _| ()).await.unwrap_err();
}

#[tokio::test]
async fn a_rebuild_that_fails_leaves_the_live_tables_alone() {
    let bench = bench().await.with_trail().await;
    let _followers = bench.store.follow_with([TRAIL]);
    bench.store.create::<Note>(id(), write("good"), &context()).await.unwrap();
    let live = bench.trail_of(1).await;
    bench.store.create::<Note>(id(), write("poison"), &context()).await.unwrap();
    let options = bench.database.owner_options();
    for _ in 0..2 {
        rebuild_model(&options, &TRAIL, &*unseal(), &mut |_, _| ()).await.unwrap_err();
    }
    assert_eq!(bench.trail().await, live);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_beside_writers_and_followers_equals_the_live_tables() {
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
        let told = rebuild_trail(&bench, &TRAIL).await;
        let (done, total) = told.last().copied().unwrap();
        assert_eq!(done, total);
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
        rebuild_trail(&bench, &TRAIL).await;
    }
}

#[tokio::test]
async fn a_new_version_serves_after_its_rebuild() {
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
    rebuild_trail(&bench, &newer).await;
    let _followers = bench.store.follow_with([newer]);
    bench.store.create::<Note>(id(), write("b"), &context()).await.unwrap();
    bench.trail_of(2).await;
    let notes: i64 = sqlx::query_scalar("SELECT count(*) FROM trail WHERE note = 'new'")
        .fetch_one(&mut bench.at.owner().await)
        .await
        .unwrap();
    assert_eq!(notes, 2);
}
