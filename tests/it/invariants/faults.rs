//! The server is killed and its database connections are cut, at random points. Nothing that was acknowledged is lost, nothing is
//! told twice, and nobody is called a replayer of their own first redemption.
//!
//! `ARGUS_FAULTS=50` sets how often (`make faults`); a dozen times without it.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    node::{Node, World, world, world_through},
    party::{Party, define, definition},
    process::Settings,
    traffic::{Ledger, Traffic},
};
use crate::support::wire::Wire;
use argus::{
    entropy::{Entropy, SeededEntropy},
    http::Idp,
};
use std::{
    env,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::time::sleep;

pub(super) const PARTIES: usize = 5;

pub(super) fn rounds() -> u32 {
    env::var("ARGUS_FAULTS").ok().map_or(12, |rounds| rounds.parse().unwrap())
}

/// Delays that are the same in every run.
pub(super) struct Random(pub(super) SeededEntropy);

impl Random {
    pub(super) fn below(&self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_be_bytes(bytes) % limit
    }

    pub(super) async fn pause(&self, longest: u64) {
        sleep(Duration::from_millis(self.below(longest))).await;
    }
}

pub(super) async fn sessions(world: &World, node: &Node) -> Vec<String> {
    let mut sessions = Vec::new();
    for _ in 0..PARTIES {
        sessions.push(node.session_of(world.directory.alice).await);
    }
    sessions
}

async fn settle(world: &World, idp: &Idp, what: &str, ledger: &Ledger) {
    world.holds(idp, ledger).await;
    let told = world.is_told_once().await;
    let Ledger { flows, repeated, doubtful, refused, failures, .. } = ledger;
    let promised = ledger.codes.len() + ledger.access.len() + ledger.refresh.len();
    assert!(*flows > 0, "without traffic this proves nothing");
    println!(
        "{what}: {flows} flows, {promised} codes and tokens acknowledged and all recorded, {told} audit entries, each once; \
         {repeated} repetitions ({failures} after a 5xx), {doubtful} requests in doubt, {refused} of them refused, no other"
    );
}

/// All connections at once, by us or by Postgres; or the one that has just recorded something, before it can say so.
async fn cut(round: u32, world: &World, wire: &Wire) {
    match round % 4 {
        0 => wire.cut_all(),
        1 => wire.cut_answer_to("code_redeemed"),
        2 => drop(world.at.cut_connections().await),
        _ => wire.cut_answer_to("tokens_refreshed"),
    }
    while !wire.has_cut() {
        sleep(Duration::from_millis(5)).await;
    }
}

/// Defines one client after the other. Whoever gets an error knows that nothing was recorded, so the next attempt meets nobody.
async fn define_while(going: &AtomicBool, world: &World, node: &Node) -> (usize, usize) {
    let (mut defined, mut failed) = (0, 0);
    while going.load(Ordering::SeqCst) {
        let definition = definition(&format!("meanwhile{defined}"), None);
        let answer = define(node, &world.directory.admin_key, &definition).await;
        assert!(answer.status == 201 || answer.status >= 500, "{:?}", answer.body);
        if answer.status == 201 { defined += 1 } else { failed += 1 }
    }
    (defined, failed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_loses_nothing_that_was_acknowledged() {
    let (world, node) = world().await;
    let party = Party::confidential(&world, &node, "survivor").await;
    let (sessions, idp) = (sessions(&world, &node).await, node.idp.clone());
    node.stop().await;
    let (settings, random) = (Settings::of(&world), Random(SeededEntropy::new(9)));
    let mut server = settings.serve();
    settings.ready().await;
    let traffic = Traffic::start(&party.at(&settings.url()), &sessions);
    for _ in 0..rounds() {
        // One in four is killed while it starts.
        if random.below(4) > 0 {
            settings.ready().await;
        }
        random.pause(300).await;
        server.kill();
        server = settings.serve();
    }
    settings.ready().await;
    let ledger = traffic.stop().await;
    settle(&world, &idp, &format!("{} times kill -9", rounds()), &ledger).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_database_connections_lose_nothing_and_accuse_nobody() {
    let wire = Wire::tap();
    let (world, node) = world_through(&wire).await;
    let party = Party::confidential(&world, &node, "survivor").await;
    let random = Random(SeededEntropy::new(10));
    let traffic = Traffic::start(&party, &sessions(&world, &node).await);
    let cutting = AtomicBool::new(true);
    let cuts = async {
        for round in 0..rounds() {
            random.pause(400).await;
            cut(round, &world, &wire).await;
        }
        cutting.store(false, Ordering::SeqCst);
    };
    let ((defined, failed), ()) = tokio::join!(define_while(&cutting, &world, &node), cuts);
    println!("{defined} clients defined meanwhile, {failed} attempts failed, and none of these was recorded");
    let ledger = traffic.stop().await;
    assert_eq!((ledger.doubtful, ledger.refused), (0, 0), "only the database was away");
    settle(&world, &node.idp, &format!("{} times connections cut", rounds()), &ledger).await;
    node.stop().await;
}
