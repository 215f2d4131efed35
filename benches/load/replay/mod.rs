//! The audit trail is made anew from a long log while the server serves: how long it takes, whether anybody notices, and whether
//! it comes to the same. `cargo bench --bench load -- --replay`; without `--bench` over a short log.

mod past;
mod report;
mod trail;

use super::{
    Scopes, machine,
    measure::stock,
    operation::Operation,
    plan::Plan,
    server::{Home, Server, Settings},
    world::World,
};
use crate::pace::{Served, pace};
use past::lengthen;
pub(crate) use report::Report;
use sqlx::PgConnection;
use std::{
    cell::Cell,
    time::{Duration, Instant},
};
use tokio::{join, process::Command, time::sleep};
use trail::{copy, differing, growth, settle};

/// How long a log, and for how long it is served without a replay, for comparison.
pub(crate) struct Length {
    pub(crate) events: i64,
    pub(crate) quiet: Duration,
}

impl Length {
    pub(crate) const FULL: Self = Self { events: 1_000_000, quiet: Duration::from_secs(15) };
    /// Three batches: it can be interrupted between them.
    pub(crate) const SHORT: Self = Self { events: 12_000, quiet: Duration::from_secs(1) };
}

const TRAIL: [&str; 3] = ["replay", "run", "audit"];

pub(crate) async fn run(plan: &Plan, length: &Length) -> Report {
    let home = Home::make();
    let server = Server::start(home.settings()).await;
    let mut owner = server.owner("argus").await;
    let machine = machine::describe(&mut owner).await;
    let world = World::seed(&server).await;
    let mut purses = world.purses(16);
    let target = (server.address, &world.party);
    for flow in [Operation::CodeFlow(Scopes::Plain), Operation::CodeFlow(Scopes::OpenId)] {
        stock(plan, flow, target, &mut purses).await;
    }
    for operation in
        [Operation::Refresh(Scopes::Plain), Operation::Refresh(Scopes::OpenId), Operation::ClientCredentials]
    {
        stock(plan, operation, target, &mut purses).await;
    }
    lengthen(&mut owner, length.events).await;
    finish(&server.settings, &["replay", "run", "sessions"]).await;
    let entries = settle(&mut owner).await;
    let growth = growth(&mut owner).await;
    copy(&mut owner).await;

    let quiet = Cell::new(false);
    let wait = async {
        sleep(length.quiet).await;
        quiet.set(true);
    };
    let (before, ()) = join!(pace(target, &mut purses, &quiet), wait);
    let done = Cell::new(false);
    let replay = async {
        let took = finish(&server.settings, &TRAIL).await;
        done.set(true);
        took
    };
    let (during, took) = join!(pace(target, &mut purses, &done), replay);
    let differing_after = differing(&mut owner).await;
    let killed_at = interrupt(&server.settings, &mut owner).await;
    finish(&server.settings, &TRAIL).await;
    let differing_at_last = differing(&mut owner).await;
    server.stop().await;
    Report {
        machine,
        entries,
        took,
        before,
        during,
        differing: [differing_after, differing_at_last],
        killed_at,
        growth,
    }
}

/// Runs a command to its end, with its progress in sight, and says how long it took.
async fn finish(settings: &Settings, arguments: &[&str]) -> Duration {
    let began = Instant::now();
    let status = Command::from(settings.command()).args(arguments).status().await.unwrap();
    assert!(status.success(), "{arguments:?}");
    began.elapsed()
}

/// Kills a replay after its first batch. Answers with how many events were in.
async fn interrupt(settings: &Settings, owner: &mut PgConnection) -> i64 {
    let mut replay = Command::from(settings.command()).args(TRAIL).spawn().unwrap();
    loop {
        let there: bool = sqlx::query_scalar("SELECT to_regclass('replay_audit.replay') IS NOT NULL")
            .fetch_one(&mut *owner)
            .await
            .unwrap();
        if there && reached(owner).await > 0 {
            break;
        }
        assert!(replay.try_wait().unwrap().is_none(), "it was too fast to be interrupted");
        sleep(Duration::from_millis(1)).await;
    }
    replay.kill().await.unwrap();
    reached(owner).await
}

async fn reached(owner: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT done FROM replay_audit.replay").fetch_one(owner).await.unwrap()
}
