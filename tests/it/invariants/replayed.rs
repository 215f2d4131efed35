//! Every read model can be dropped and made anew from the log: the same rows, also while the server keeps serving.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    node::world,
    party::Party,
    process::Settings,
    tables::{assert_same, tables},
    traffic::Traffic,
    workload::work,
};
use argus::{
    event_store::replay::{Replay, known},
    http::Idp,
};
use projections::{ReadModel, replayed};
use sqlx::{Connection, Executor, PgConnection};
use std::time::{Duration, Instant};
use tokio::time::sleep;

pub(super) async fn in_place(idp: &Idp, model: &ReadModel) {
    let owner = idp.database.owner_options();
    let replay = Replay { owner: &owner, unseal: &idp.keys, restart: false };
    replay.in_place(model, &mut |_| ()).await.unwrap();
}

/// The log, and how far everybody who follows it is.
async fn outward(owner: &mut PgConnection) -> (i64, i64, Vec<(String, i64)>) {
    let (count, last) =
        sqlx::query_as("SELECT count(*), max(position) FROM events").fetch_one(&mut *owner).await.unwrap();
    let cursors = sqlx::query_as("SELECT name, position FROM cursors ORDER BY name").fetch_all(owner).await.unwrap();
    (count, last, cursors)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_into_a_schema_writes_no_event_and_moves_nobody() {
    let (world, node) = world().await;
    work(&world, &node).await;
    world.is_told_once().await;
    let mut owner = world.at.owner().await;
    sleep(Duration::from_millis(200)).await;
    let (before, live) = (outward(&mut owner).await, tables(&world.at).await);
    let settings = Settings::of(&world);
    assert!(settings.run(&["replay", "plan", "--all"]).success());
    assert!(settings.run(&["replay", "run", "--all", "--into", "look"]).success());
    assert_eq!(outward(&mut owner).await, before);
    assert_same(&live, &tables(&world.at).await);
    for table in replayed().flat_map(|model| model.tables) {
        let differ =
            format!("(TABLE look.{table} EXCEPT TABLE {table}) UNION ALL (TABLE {table} EXCEPT TABLE look.{table})");
        let differ: i64 =
            sqlx::query_scalar(&format!("SELECT count(*) FROM ({differ}) d")).fetch_one(&mut owner).await.unwrap();
        assert_eq!(differ, 0, "{table}");
    }
    for refused in [["replay", "drop", "public"], ["replay", "drop", "no_such"], ["replay", "run", "no_such"]] {
        assert!(!settings.run(&refused).success(), "{refused:?}");
    }
    assert!(settings.run(&["replay", "drop", "look"]).success());
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rebuilt_read_models_equal_the_live_ones() {
    let (world, node) = world().await;
    work(&world, &node).await;
    let events = world.is_told_once().await;
    let live = tables(&world.at).await;
    let settings = Settings::of(&world);
    // Twice: what was rebuilt is the live one next time.
    for _ in 0..2 {
        assert!(settings.run(&["replay", "run", "--all"]).success());
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
        for model in replayed() {
            in_place(&node.idp, model).await;
        }
    }
    let took = began.elapsed();
    let ledger = traffic.stop().await;
    assert_eq!((ledger.repeated, ledger.refused), (0, 0), "a replay is not noticed: {} failures", ledger.failures);
    world.holds(&node.idp, &ledger).await;
    world.is_told_once().await;
    let live = tables(&world.at).await;
    for model in replayed() {
        in_place(&node.idp, model).await;
    }
    assert_same(&live, &tables(&world.at).await);
    println!("2 replays of all beside {} flows in {took:?}: no request failed, the same rows", ledger.flows);
    node.stop().await;
}

/// What a server keeps between requests is a function of the definitions and of how the read models show them (decision 0011).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_that_corrects_a_read_model_is_seen_by_the_next_request_of_every_running_server() {
    let (world, node) = world().await;
    let nodes = [world.node().await, node];
    let party = Party::confidential(&world, &nodes[0], "corrected").await;
    let tokens = party.tokens(&nodes[0].session_of(world.directory.alice).await).await;
    world.at.owner().await.execute("UPDATE users SET status = 'blocked' WHERE user_name = 'alice'").await.unwrap();
    // Any definition, so that what was kept before is read again.
    Party::confidential(&world, &nodes[0], "unrelated").await;
    for right in [false, true] {
        if right {
            assert!(Settings::of(&world).run(&["replay", "run", "users"]).success());
        }
        for _ in 0..2 {
            for node in &nodes {
                let told = party.at(&node.url).introspect(tokens.text("access_token")).await.unwrap();
                assert_eq!((told.status, told.body["active"].as_bool()), (200, Some(right)));
            }
        }
    }
    for node in nodes {
        node.stop().await;
    }
}

/// A reader of two tables that a replay wants as well, in the other order: each holds what the other waits for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_gives_way_to_readers() {
    let (world, node) = world().await;
    let (mut first, mut second) = (world.at.owner().await, world.at.owner().await);
    let mut reader = first.begin().await.unwrap();
    reader.execute("SELECT FROM users").await.unwrap();
    let mut other = second.begin().await.unwrap();
    other.execute("SELECT FROM api_keys").await.unwrap();
    let idp = node.idp.clone();
    let replaying = tokio::spawn(async move { in_place(&idp, known("users").unwrap()).await });
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
    replaying.await.unwrap();
    node.stop().await;
}
