//! Single use is the primary key: of many redemptions of one code at once, one is the first.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    node::{Node, World, world},
    party::Party,
};
use futures_util::future::join_all;

const AT_ONCE: usize = 20;
const ROUNDS: usize = 3;

/// One code, redeemed at all the servers in turn at the same time.
async fn race(world: &World, nodes: &[Node]) {
    let party = Party::confidential(world, &nodes[0], "racer").await;
    let alice = nodes[0].session_of(world.directory.alice).await;
    for _ in 0..ROUNDS {
        let code = party.authorize(&alice).await.unwrap().code();
        let racers = (0..AT_ONCE).map(|n| {
            let (party, code) = (party.at(&nodes[n % nodes.len()].url), code.clone());
            tokio::spawn(async move { party.redeem(&code).await.unwrap() })
        });
        let answers: Vec<_> = join_all(racers).await.into_iter().map(Result::unwrap).collect();
        let (good, bad): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!((good.len(), bad.len()), (1, AT_ONCE - 1));
        assert!(bad.iter().all(|answer| answer.is_refusal("invalid_grant")), "{bad:?}");
        for node in nodes {
            let (party, token) = (party.at(&node.url), good[0].text("access_token"));
            assert_eq!(party.introspect(token).await.unwrap().body["active"], false);
            assert_eq!(party.userinfo(token).await.unwrap().status, 401);
            assert!(party.refresh(good[0].text("refresh_token")).await.unwrap().is_refusal("invalid_grant"));
        }
    }
    println!("{ROUNDS} times at {} servers: 1 success, {} invalid_grant, no live token", nodes.len(), AT_ONCE - 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_redemptions_of_one_code_one_succeeds_and_its_tokens_are_dead() {
    let (world, node) = world().await;
    race(&world, &[node]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_redemptions_at_two_servers_one_succeeds_and_its_tokens_are_dead() {
    let (world, node) = world().await;
    let nodes = [world.node().await, node];
    race(&world, &nodes).await;
}
