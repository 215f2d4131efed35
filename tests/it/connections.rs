//! The shared connections: what is closed, what is kept, and what a lost connection costs.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::support::{postgres::fresh, wire::Wire};
use argus::{
    database::{Connections, Database},
    read,
};
use sqlx::{Error, PgConnection};
use std::time::{Duration, Instant};

async fn backend(c: &mut PgConnection) -> Result<i32, Error> {
    sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(c).await
}

#[tokio::test]
async fn a_request_that_gets_no_connection_fails_after_a_second() {
    let test = fresh();
    let connections = Connections::new(test.database().await.owner_options(), 1);
    let _taken = connections.lease().await.unwrap();
    let begun = Instant::now();
    assert!(matches!(connections.lease().await, Err(Error::PoolTimedOut)));
    assert!((Duration::from_millis(900)..Duration::from_millis(1500)).contains(&begun.elapsed()));
}

#[tokio::test]
async fn an_unreachable_server_is_an_error_and_not_a_hang() {
    let options = sqlx::postgres::PgConnectOptions::new_without_pgpass().socket("/nonexistent");
    let begun = Instant::now();
    assert!(matches!(Connections::new(options, 1).lease().await, Err(Error::Io(_))));
    assert!(begun.elapsed() < Duration::from_millis(1500));
}

#[tokio::test]
async fn a_failed_query_closes_its_connection_and_is_not_repeated() {
    let test = fresh();
    let connections = Connections::new(test.database().await.owner_options(), 1);
    let first = read!(connections, |c| backend(c)).unwrap();
    let failed: Result<i32, Error> = read!(connections, |c| sqlx::query_scalar("SELECT 1 / 0").fetch_one(c));
    assert!(matches!(failed, Err(Error::Database(_))));
    assert_ne!(read!(connections, |c| backend(c)).unwrap(), first);
}

#[tokio::test]
async fn a_cancelled_query_leaves_nothing_for_the_next_request() {
    let test = fresh();
    let connections = Connections::new(test.database().await.owner_options(), 1);
    let first = read!(connections, |c| backend(c)).unwrap();
    let slow = async { read!(connections, |c| slow_query(c)) };
    assert!(tokio::time::timeout(Duration::from_millis(100), slow).await.is_err());
    assert_ne!(read!(connections, |c| backend(c)).unwrap(), first);
}

async fn slow_query(c: &mut PgConnection) -> Result<(), Error> {
    sqlx::query("SELECT pg_sleep(60)").execute(c).await.map(drop)
}

#[tokio::test]
async fn a_read_survives_that_every_connection_is_cut() {
    let test = fresh();
    let connections = Connections::new(test.database().await.owner_options(), 3);
    let leases = [connections.lease().await.unwrap(), connections.lease().await.unwrap()];
    leases.into_iter().for_each(argus::database::Lease::done);
    assert!(test.cut_connections().await >= 2);
    read!(connections, |c| backend(c)).unwrap();
    read!(connections, |c| backend(c)).unwrap();
}

#[tokio::test]
async fn after_closing_no_connection_is_handed_out() {
    let test = fresh();
    let connections = Connections::new(test.database().await.owner_options(), 2);
    let lease = connections.lease().await.unwrap();
    connections.close().await;
    lease.done();
    assert!(matches!(connections.lease().await, Err(Error::PoolClosed)));
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let test = fresh();
    let connections = Connections::new(test.database().await.owner_options(), 4);
    let first = read!(connections, |c| backend(c)).unwrap();
    for _ in 0..5 {
        assert_eq!(read!(connections, |c| backend(c)).unwrap(), first);
    }
}

#[tokio::test]
async fn a_query_on_a_warm_connection_is_one_round_trip() {
    let (test, wire) = (fresh(), Wire::tap());
    let database = Database::open(&test.config_through(&wire.socket_dir)).await.unwrap();
    let connections = Connections::new(database.owner_options(), 2);
    read!(connections, |c| backend(c)).unwrap();
    for _ in 0..3 {
        let before = wire.round_trips();
        read!(connections, |c| backend(c)).unwrap();
        assert_eq!(wire.round_trips() - before, 1);
    }
}
