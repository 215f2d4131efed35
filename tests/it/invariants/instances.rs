//! What one instance revokes, the other refuses at its next request: every way of taking something away, a thousand times in all,
//! while a third instance changes other clients, permissions and users.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    node::{Node, World, world},
    party::{define, definition, http},
    revocations::{KINDS, Kind, Probe, Scene},
};
use crate::support::directory::{grant, newcomer, person, revoke, tell};
use aggregates::user::UserCommand;
use futures_util::{StreamExt, stream};
use serde_json::json;
use std::{
    env,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};
use tokio::time::sleep;

/// Over all kinds, unless `ARGUS_REVOCATIONS` says otherwise.
const TIMES: usize = 1000;
/// Kinds that are played at the same time.
const AT_ONCE: usize = 4;

/// How long others may use the definitions lane between its changes.
const BREATH: Duration = Duration::from_millis(20);

/// What became of one kind.
struct Played {
    kind: Kind,
    rounds: usize,
    questions: usize,
    stale: Vec<String>,
}

/// Gives something, takes it away on one instance and asks the other at once; each in turn is the one that takes away.
async fn play(world: &World, nodes: [&Node; 2], kind: Kind, rounds: usize) -> Played {
    let mut played = Played { kind, rounds, questions: 0, stale: Vec::new() };
    let mut scene = Scene::set(world, nodes[0], kind).await;
    for round in 0..rounds {
        let (here, there) = if round % 2 == 0 { (nodes[0], nodes[1]) } else { (nodes[1], nodes[0]) };
        scene.give(world, here).await;
        for probe in kind.probes() {
            assert!(scene.ask(there, *probe).await, "round {round}: {kind:?} was given, {probe:?}");
        }
        scene.take(world, here).await;
        played.are_refused(kind.probes(), (&scene, there), round).await;
        scene.give_back(world, here).await;
        played.are_refused(kind.ended_for_good(), (&scene, there), round).await;
    }
    played
}

impl Played {
    async fn are_refused(&mut self, probes: &[Probe], (scene, node): (&Scene, &Node), round: usize) {
        for probe in probes {
            self.questions += 1;
            if scene.ask(node, *probe).await {
                self.stale.push(format!("round {round}: {:?}, {probe:?}", self.kind));
            }
        }
    }
}

/// Changes what none of the kinds is about, until it is told to stop.
async fn bystander(world: &World, node: &Node, going: &AtomicBool, changes: &AtomicUsize) {
    let (idp, directory) = (&node.idp, &world.directory);
    let somebody = newcomer(idp, directory, person("somebody", "Some Body", Some("globex"))).await;
    let client = definition("unrelated", None);
    assert_eq!(define(node, &directory.admin_key, &client).await.status, 201);
    let (http, url) = (http(), format!("{}/authentication/v1/oauth/client/unrelated", node.url));
    for turn in 0.. {
        let renamed = json!({ "name": format!("Unrelated {turn}") });
        let request = http.put(&url).json(&renamed);
        let request = request.header("Argus-API-Key", directory.admin_key.as_str());
        assert_eq!(request.send().await.unwrap().status(), 200);
        grant(idp, directory, somebody, "traffic", Some("globex")).await;
        revoke(idp, somebody, directory.function("traffic"), directory.globex).await;
        tell(idp, somebody, UserCommand::Block).await;
        tell(idp, somebody, UserCommand::Unblock).await;
        changes.fetch_add(5, Ordering::Relaxed);
        if !going.load(Ordering::Relaxed) {
            return;
        }
        sleep(BREATH).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_revoked_here_is_refused_there() {
    let times = env::var("ARGUS_REVOCATIONS").map_or(TIMES, |times| times.parse().unwrap());
    let rounds = times.div_ceil(KINDS.len());
    let (world, first) = world().await;
    let (second, third) = (world.node().await, world.node().await);
    let (going, changes) = (AtomicBool::new(true), AtomicUsize::new(0));
    let games = async {
        let nodes = [&first, &second];
        let games = stream::iter(KINDS).map(|kind| play(&world, nodes, *kind, rounds));
        let played: Vec<Played> = games.buffer_unordered(AT_ONCE).collect().await;
        going.store(false, Ordering::Relaxed);
        played
    };
    let (played, ()) = tokio::join!(games, bystander(&world, &third, &going, &changes));
    for Played { kind, rounds, questions, stale } in &played {
        println!("{kind:?}: {rounds} times, {questions} questions, {} stale answers", stale.len());
    }
    let total: usize = played.iter().map(|played| played.rounds).sum();
    let changes = changes.into_inner();
    println!("{total} revocations next to {changes} other changes");
    let stale: Vec<_> = played.iter().flat_map(|played| &played.stale).collect();
    assert_eq!(stale, Vec::<&String>::new());
    assert!(total >= times && changes > 0);
    for node in [first, second, third] {
        node.stop().await;
    }
}
