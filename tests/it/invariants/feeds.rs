//! Two servers with a sink of each kind are killed at random points, under traffic, and so is a system that they feed. Every event
//! reaches every sink, in order, under one id; and the audit trail has it once.
//!
//! `ARGUS_FAULTS=50` sets how often (`make faults`); a dozen times without it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    faults::{PARTIES, Random, rounds, sessions},
    node::{World, world},
    party::Party,
    process::{Process, Settings},
    traffic::Traffic,
};
use crate::sinks::{
    nats_server::NatsServer,
    receiver::{Received, Receiver},
    support::{Told, eventually, log, told},
};
use argus::{entropy::SeededEntropy, event_store::follow::sink_standing};
use axum::http::StatusCode;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

/// Systems that are fed.
struct Fed {
    file: PathBuf,
    hook: Receiver,
    nats: NatsServer,
}

impl Fed {
    async fn start(world: &World) -> Self {
        Self {
            file: world.config.data_dir.join("feed.jsonl"),
            hook: Receiver::start(StatusCode::OK).await,
            nats: NatsServer::start().with_stream().await,
        }
    }

    fn settings(&self) -> String {
        format!(
            "[sinks.file]\ntype = 'jsonl'\npath = '{}'\n\
             [sinks.hook]\ntype = 'webhook'\nurl = '{}'\nsecret = 'whsec_{}'\n\
             [sinks.bus]\ntype = 'nats'\nurl = '{}'\n",
            self.file.display(),
            self.hook.url,
            "A".repeat(32),
            self.nats.url()
        )
    }

    /// Takes one of the systems away, or brings it back.
    fn disturb(&mut self, round: u32) {
        match round % 4 {
            0 => self.nats.kill(),
            1 => self.nats.again(),
            2 => self.hook.answer(StatusCode::SERVICE_UNAVAILABLE),
            _ => self.hook.answer(StatusCode::OK),
        }
    }

    /// What each sink was told, repetitions and all.
    async fn told(&self) -> [(&'static str, Vec<Value>); 3] {
        let lines = fs::read_to_string(&self.file).unwrap();
        let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let posted = self.hook.got().iter().map(Received::event).collect();
        let published = self.nats.messages().await.into_iter().map(|(_, _, event)| event).collect();
        [("file", lines), ("hook", posted), ("bus", published)]
    }
}

impl World {
    async fn has_told_all(&self, sink: &str) {
        let mut owner = self.at.owner().await;
        eventually(&format!("{sink} is told all"), async || {
            let standing = sink_standing(&mut owner, sink, &[]).await.unwrap().unwrap();
            (standing.behind == 0).then_some(())
        })
        .await;
    }
}

/// In order of first appearance these are all events of the log, and an event always had the same id. Returns how often one came again.
fn is_all_of(log: &[Told], sink: &str, events: &[Value]) -> usize {
    let mut seen = BTreeSet::new();
    let mut ids = BTreeMap::new();
    let mut first = told(events);
    for (event, told) in events.iter().zip(&first) {
        let id = event["id"].as_str().unwrap();
        assert_eq!(ids.entry(id).or_insert_with(|| told.clone()), told, "{sink}: one id, two events");
    }
    first.retain(|told| seen.insert(told.clone()));
    assert_eq!(first, log, "{sink}");
    assert_eq!(ids.len(), log.len(), "{sink}: one event, two ids");
    events.len() - log.len()
}

/// Kills one of the servers after another, and disturbs what they feed.
async fn kill(servers: &[Settings; 2], running: &mut [Process; 2], fed: &mut Fed) {
    let random = Random(SeededEntropy::new(11));
    for round in 0..rounds() {
        let victim = usize::from(random.below(2) > 0);
        // One in four is killed while it starts.
        if random.below(4) > 0 {
            servers[victim].ready().await;
        }
        random.pause(300).await;
        running[victim].restart(&servers[victim]);
        fed.disturb(round);
    }
    fed.hook.answer(StatusCode::OK);
    fed.nats.kill();
    fed.nats.again();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_of_followers_and_of_what_they_feed_loses_nothing() {
    let (world, node) = world().await;
    let party = Party::confidential(&world, &node, "survivor").await;
    let (sessions, idp) = (sessions(&world, &node).await, node.idp.clone());
    node.stop().await;
    let mut fed = Fed::start(&world).await;
    let servers = ["one", "two"].map(|name| Settings::with(&world, name, &fed.settings()));
    let mut running = [servers[0].serve(), servers[1].serve()];
    servers[0].ready().await;
    let traffic = Traffic::start(&party.at(&servers[0].url()), &sessions);
    kill(&servers, &mut running, &mut fed).await;
    servers[0].ready().await;
    let ledger = traffic.stop().await;
    assert!(ledger.flows > 0 && sessions.len() == PARTIES, "without traffic this proves nothing");
    world.holds(&idp, &ledger).await;
    let told = world.is_told_once().await;
    for sink in ["file", "hook", "bus"] {
        world.has_told_all(sink).await;
    }
    drop(running);
    let log = log(&world.at).await;
    println!("{} times kill -9 of two servers: {} events, {told} audit entries, each once", rounds(), log.len());
    for (sink, events) in fed.told().await {
        let again = is_all_of(&log, sink, &events);
        println!("{sink}: all {} events in order, each under one id; {again} came again", log.len());
    }
}
