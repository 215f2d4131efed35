//! The definitions lane.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{Defined, Enough, bench, context, id, write, write_first};
use argus::event_store::{EventStore, ExecuteError};
use futures_util::future::join_all;
use sqlx::Executor;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::sleep;
use uuid::Uuid;

async fn define(store: EventStore, id: Uuid, text: String) -> Result<i64, ExecuteError<Enough>> {
    let mut lane = store.definitions().await?;
    let committed = lane.execute::<Defined>(id, write_first(text), &context()).await?;
    lane.commit().await?;
    Ok(committed.position)
}

#[tokio::test]
async fn a_refusal_leaves_the_lane_usable_and_a_dropped_lane_leaves_nothing() {
    let bench = bench().await;
    let id = id();
    let mut lane = bench.store.definitions().await.unwrap();
    lane.execute::<Defined>(id, write("a"), &context()).await.unwrap();
    let refused = lane.execute::<Defined>(id, write_first("b"), &context()).await;
    assert_eq!(refused.unwrap_err(), ExecuteError::Refused(Enough));
    let committed = lane.execute::<Defined>(id, write("c"), &context()).await.unwrap();
    assert_eq!(committed.sequence, 2, "it sees what it has done itself");
    drop(lane);
    assert_eq!(bench.log().await, []);
}

#[tokio::test]
async fn a_transaction_that_failed_does_not_commit() {
    let bench = bench().await;
    let mut lane = bench.store.definitions().await.unwrap();
    lane.execute::<Defined>(id(), write("a"), &context()).await.unwrap();
    lane.connection().execute("SELECT 1 / 0").await.unwrap_err();
    lane.commit().await.unwrap_err();
    assert_eq!(bench.log().await, []);
    define(bench.store.clone(), id(), "after".to_owned()).await.unwrap();
}

#[tokio::test]
async fn decisions_on_all_nodes_are_taken_one_after_the_other() {
    let bench = bench().await;
    let other = super::support::open(&bench.database).await;
    let id = id();
    let racers = (0..20).map(|n| {
        let store = if n % 2 == 0 { bench.store.clone() } else { other.clone() };
        tokio::spawn(define(store, id, n.to_string()))
    });
    let outcomes: Vec<_> = join_all(racers).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.into_iter().filter_map(Result::err).all(|error| error == ExecuteError::Refused(Enough)));
}

#[tokio::test]
async fn the_lane_survives_a_restart_of_postgres() {
    let bench = bench().await;
    for n in 0..3 {
        bench.at.cut_connections().await;
        define(bench.store.clone(), id(), n.to_string()).await.unwrap();
    }
    assert_eq!(bench.log().await.len(), 3);
}

#[tokio::test]
async fn short_work_waits_for_one_piece_of_bulk_work_at_most() {
    let bench = bench().await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let first = bench.store.definitions_in_bulk().await.unwrap();
    let bulk = (0..5).map(|_| {
        let (store, order) = (bench.store.clone(), Arc::clone(&order));
        tokio::spawn(async move {
            let lane = store.definitions_in_bulk().await.unwrap();
            order.lock().unwrap().push("bulk");
            lane.commit().await.unwrap();
        })
    });
    let bulk: Vec<_> = bulk.collect();
    sleep(Duration::from_millis(100)).await;
    let (store, told) = (bench.store.clone(), Arc::clone(&order));
    let short = tokio::spawn(async move {
        let lane = store.definitions().await.unwrap();
        told.lock().unwrap().push("short");
        lane.commit().await.unwrap();
    });
    sleep(Duration::from_millis(100)).await;
    first.commit().await.unwrap();
    short.await.unwrap();
    join_all(bulk).await.into_iter().for_each(Result::unwrap);
    assert_eq!(*order.lock().unwrap(), ["short", "bulk", "bulk", "bulk", "bulk", "bulk"]);
}
