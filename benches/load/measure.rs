//! One operation on many connections for a while: how often, how fast, at what cost.

use super::{
    census::{Census, Cost},
    http::Connection,
    operation::{Operation, Party, Purse},
    plan::{Bound, Plan},
};
use futures_util::future::join_all;
use hdrhistogram::Histogram;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// Whom to ask, and as whom.
pub(crate) type Target<'a> = (SocketAddr, &'a Party);

/// What was measured, in one round or in several.
pub(crate) struct Measured {
    pub(crate) done: u64,
    pub(crate) elapsed: Duration,
    /// Microseconds.
    pub(crate) latency: Histogram<u64>,
    pub(crate) cost: Cost,
    /// Operations in a second, of each round.
    pub(crate) rounds: Vec<f64>,
}

impl Default for Measured {
    fn default() -> Self {
        let (latency, cost) = (Histogram::new(3).unwrap(), Cost::default());
        Self { done: 0, elapsed: Duration::ZERO, latency, cost, rounds: Vec::new() }
    }
}

impl Measured {
    /// One round.
    pub(crate) fn round(elapsed: Duration, latency: Histogram<u64>, done: u64, cost: Cost) -> Self {
        Self { done, elapsed, latency, cost, rounds: vec![done as f64 / elapsed.as_secs_f64()] }
    }

    /// Takes in another round.
    pub(crate) fn add(&mut self, other: Self) {
        self.done += other.done;
        self.elapsed += other.elapsed;
        self.latency.add(other.latency).unwrap();
        self.cost.add(&other.cost);
        self.rounds.extend(other.rounds);
    }

    /// Operations in a second.
    pub(crate) fn rate(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64()
    }
}

/// Warms up, then measures. Every purse has a connection of its own.
pub(crate) async fn measure(
    plan: &Plan,
    operation: Operation,
    target: Target<'_>,
    purses: &mut [Purse],
    census: &Census,
) -> Measured {
    let mut connections = open(target, purses.len()).await;
    load(operation, target.1, &mut connections, purses, plan.warm).await;
    let before = census.take().await;
    let began = Instant::now();
    let latency = load(operation, target.1, &mut connections, purses, plan.run).await;
    let elapsed = began.elapsed();
    let cost = census.take().await.since(&before);
    Measured::round(elapsed, latency.clone(), latency.len(), cost)
}

/// Fills the purses.
pub(crate) async fn stock(plan: &Plan, flow: Operation, target: Target<'_>, purses: &mut [Purse]) {
    let bound = Bound { time: plan.limit, each: plan.stock };
    load(flow, target.1, &mut open(target, purses.len()).await, purses, bound).await;
}

async fn open(target: Target<'_>, connections: usize) -> Vec<Connection> {
    let mut opened = Vec::new();
    for _ in 0..connections {
        opened.push(Connection::open(target.0).await.unwrap());
    }
    opened
}

async fn load(
    operation: Operation,
    party: &Party,
    connections: &mut [Connection],
    purses: &mut [Purse],
    bound: Bound,
) -> Histogram<u64> {
    let began = Instant::now();
    let each = connections.iter_mut().zip(purses).map(async |(connection, purse)| {
        let mut latency = Histogram::<u64>::new(3).unwrap();
        let mut done = 0;
        while done < bound.each && began.elapsed() < bound.time {
            let asked = Instant::now();
            operation.perform(connection, party, purse).await;
            latency.record(u64::try_from(asked.elapsed().as_micros()).unwrap()).unwrap();
            done += 1;
        }
        latency
    });
    let mut all = Histogram::new(3).unwrap();
    for one in join_all(each).await {
        all.add(one).unwrap();
    }
    all
}
