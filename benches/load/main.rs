//! A load generator: real HTTP over loopback, on connections that are kept, against `argus serve` as a process of its own with
//! its real Postgres. In the same run it measures what could be reached at most, so that each figure is a ratio.
//!
//! With `--replay` it makes the audit trail anew from a long log instead, while the server serves.
//!
//! `cargo bench --bench load [WORD…]` measures (only operations with one of the words in their name) and prints Markdown. Without
//! `--bench`, as `cargo test` runs it, a few operations of each kind prove that it works. docs/performance.md has the figures.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a measurement says what is wrong by failing"
)]

mod census;
mod empty_route;
mod floor;
mod http;
mod machine;
mod measure;
mod operation;
mod pace;
mod plan;
mod replay;
mod report;
mod round_trips;
mod server;
#[path = "../../tests/it/support/wire_said.rs"]
mod wire_said;
mod world;

use census::Census;
use empty_route::EmptyRoute;
use floor::Floor;
use measure::{Measured, measure, stock};
use operation::{Operation, Scopes};
use plan::Plan;
use replay::Length;
use report::{Report, Row};
use server::{Home, Server};
use sqlx::Connection;
use std::{collections::BTreeMap, env, time::Duration};
use tokio::{runtime::Builder, time::timeout};
use world::World;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == empty_route::COMMAND) {
        return empty_route::serve();
    }
    let (switches, words): (Vec<_>, Vec<_>) = arguments.into_iter().partition(|argument| argument.starts_with("--"));
    let plan = if switches.iter().any(|switch| switch == "--bench") { Plan::full(&words) } else { Plan::short() };
    // One thread: the generator shares the machine with what it measures.
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let replayed = switches.iter().any(|switch| switch == "--replay");
    if plan.is_short() || replayed {
        let length = if plan.is_short() { Length::SHORT } else { Length::FULL };
        println!("{}", runtime.block_on(within(REPLAYED_WITHIN, replay::run(&plan, &length))));
    }
    if !replayed {
        println!("{}", runtime.block_on(within(plan.limit, run(&plan))));
    }
    if plan.is_short() {
        println!("test result: ok. 1 passed; 0 failed; 0 ignored");
    }
}

const REPLAYED_WITHIN: Duration = Duration::from_secs(1200);

async fn within<T>(limit: Duration, run: impl Future<Output = T>) -> T {
    timeout(limit, run).await.unwrap_or_else(|_| panic!("not done in {limit:?}"))
}

async fn run(plan: &Plan) -> Report {
    let home = Home::make();
    let server = Server::start(home.settings()).await;
    let mut owner = server.owner("argus").await;
    let machine = machine::describe(&mut owner).await;
    let world = World::seed(&server).await;
    let round_trips = round_trips::count(&home, &server, &world, plan.counted).await;
    let measured = rounds(plan, &home, &server, &world).await;
    let loaded_memory = server.memory();
    owner.close().await.unwrap();
    server.stop().await;
    let starts = server::starts(&home, plan.starts).await;
    Report { machine, connections: plan.connections, measured, round_trips, loaded_memory, starts }
}

async fn rounds(plan: &Plan, home: &Home, server: &Server, world: &World) -> BTreeMap<Row, Measured> {
    let floor = Floor::make(home, server).await;
    let empty_route = EmptyRoute::start();
    let nothing = Census::of_process(empty_route.pid());
    let census = Census::of_database(server, "argus").await;
    let mut purses = world.purses(plan.connections);
    for flow in [Operation::CodeFlow(Scopes::Plain), Operation::CodeFlow(Scopes::OpenId)] {
        stock(plan, flow, (server.address, &world.party), &mut purses).await;
    }
    let mut measured: BTreeMap<Row, Measured> = BTreeMap::new();
    for _ in 0..plan.rounds {
        measured.entry(Row::Insert).or_default().add(floor.measure(plan).await);
        let target = (empty_route.address, &world.party);
        let empty = measure(plan, Operation::EmptyRoute, target, &mut purses, &nothing).await;
        measured.entry(Row::EmptyRoute).or_default().add(empty);
        for operation in plan.operations.iter().copied() {
            let purses = &mut purses[..operation.connections(plan.connections)];
            let done = measure(plan, operation, (server.address, &world.party), purses, &census).await;
            measured.entry(Row::Ours(operation)).or_default().add(done);
        }
    }
    measured
}
