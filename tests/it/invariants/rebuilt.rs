//! Every read model can be dropped and made anew from the log: the same rows, also while the server keeps serving.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    node::world,
    party::Party,
    process::Settings,
    tables::{assert_same, tables},
    traffic::Traffic,
    workload::work,
};
use argus::event_store::rebuild::rebuild;
use projections::READ_MODELS;
use sqlx::{Connection, Executor};
use std::time::{Duration, Instant};
use tokio::time::sleep;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rebuilt_read_models_equal_the_live_ones() {
    let (world, node) = world().await;
    work(&world, &node).await;
    let events = world.is_told_once().await;
    let live = tables(&world.at).await;
    let settings = Settings::of(&world);
    // Twice: what was rebuilt is the live one next time.
    for _ in 0..2 {
        assert!(settings.run(&["projection", "rebuild", "--all"]).success());
        assert_same(&live, &tables(&world.at).await);
    }
    println!("{} tables rebuilt from {events} events: the same rows, columns, indexes and rights", live.len());
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_models_are_rebuilt_while_the_server_serves() {
    let (world, node) = world().await;
    work(&world, &node).await;
    let party = Party::confidential(&world, &node, "serving").await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(node.session_of(world.directory.alice).await);
    }
    let traffic = Traffic::start(&party, &sessions);
    let began = Instant::now();
    for _ in 0..2 {
        for model in READ_MODELS.iter().filter(|model| model.kept.is_none()) {
            let options = node.idp.database.owner_options();
            rebuild(&options, model.name, &node.idp.keys, &mut |_, _| ()).await.unwrap();
        }
    }
    let took = began.elapsed();
    let ledger = traffic.stop().await;
    assert_eq!((ledger.repeated, ledger.refused), (0, 0), "a rebuild is not noticed: {} failures", ledger.failures);
    world.holds(&node.idp, &ledger).await;
    world.is_told_once().await;
    let live = tables(&world.at).await;
    for model in READ_MODELS.iter().filter(|model| model.kept.is_none()) {
        rebuild(&node.idp.database.owner_options(), model.name, &node.idp.keys, &mut |_, _| ()).await.unwrap();
    }
    assert_same(&live, &tables(&world.at).await);
    println!("2 rebuilds of all beside {} flows in {took:?}: no request failed, the same rows", ledger.flows);
    node.stop().await;
}

/// A reader of two tables that a rebuild wants as well, in the other order: each holds what the other waits for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_gives_way_to_readers() {
    let (world, node) = world().await;
    let (mut first, mut second) = (world.at.owner().await, world.at.owner().await);
    let mut reader = first.begin().await.unwrap();
    reader.execute("SELECT FROM users").await.unwrap();
    let mut other = second.begin().await.unwrap();
    other.execute("SELECT FROM api_keys").await.unwrap();
    let (options, keys) = (node.idp.database.owner_options(), node.idp.keys.clone());
    let rebuilding = tokio::spawn(async move { rebuild(&options, "users", &keys, &mut |_, _| ()).await });
    let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'users'::regclass AND NOT granted)";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut *reader).await.unwrap() {
        sleep(Duration::from_millis(5)).await;
    }
    let release = async {
        sleep(Duration::from_millis(700)).await;
        reader.commit().await.unwrap();
    };
    let (read, ()) = tokio::join!(other.execute("SELECT FROM users"), release);
    read.unwrap();
    other.commit().await.unwrap();
    rebuilding.await.unwrap().unwrap();
    node.stop().await;
}
