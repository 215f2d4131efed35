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
use std::time::Instant;

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
    for _ in 0..3 {
        for model in READ_MODELS {
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
    for model in READ_MODELS {
        rebuild(&node.idp.database.owner_options(), model.name, &node.idp.keys, &mut |_, _| ()).await.unwrap();
    }
    assert_same(&live, &tables(&world.at).await);
    println!("3 rebuilds of all beside {} flows in {took:?}: no request failed, the same rows", ledger.flows);
    node.stop().await;
}
