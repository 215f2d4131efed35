//! Refreshing with one token many times at once: a confidential client gets one successor, a public one loses its grant.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    node::{Node, World, world},
    party::{Answer, Party},
};
use futures_util::future::join_all;
use std::collections::BTreeSet;

const AT_ONCE: usize = 20;
const ROUNDS: usize = 2;

async fn refresh_at_once(party: &Party, nodes: &[Node], tokens: &Answer) -> Vec<Answer> {
    let racers = (0..AT_ONCE).map(|n| {
        let (party, token) = (party.at(&nodes[n % nodes.len()].url), tokens.text("refresh_token").to_owned());
        tokio::spawn(async move { party.refresh(&token).await.unwrap() })
    });
    join_all(racers).await.into_iter().map(Result::unwrap).collect()
}

async fn count(world: &World, event_type: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM events WHERE event_type = $1")
        .bind(event_type)
        .fetch_one(&mut world.at.owner().await)
        .await
        .unwrap()
}

async fn confidential(world: &World, nodes: &[Node]) {
    let party = Party::confidential(world, &nodes[0], "server").await;
    let alice = nodes[0].session_of(world.directory.alice).await;
    for round in 1..=ROUNDS {
        let tokens = party.tokens(&alice).await;
        let answers = refresh_at_once(&party, nodes, &tokens).await;
        let successors: BTreeSet<_> = answers
            .iter()
            .map(|answer| (answer.status, answer.text("access_token"), answer.text("refresh_token")))
            .collect();
        assert_eq!(successors.len(), 1, "{successors:?}");
        assert_eq!(answers[0].status, 200, "{answers:?}");
        assert_eq!(party.userinfo(answers[0].text("access_token")).await.unwrap().status, 200);
        assert_eq!(count(world, "grant.tokens_refreshed").await, i64::try_from(round).unwrap());
    }
    println!("{ROUNDS} times at {} servers: {AT_ONCE} answers, 1 successor, 1 event", nodes.len());
}

async fn public(world: &World, nodes: &[Node]) {
    let party = Party::public(world, &nodes[0], "browser").await;
    let alice = nodes[0].session_of(world.directory.alice).await;
    for round in 1..=ROUNDS {
        let tokens = party.tokens(&alice).await;
        let answers = refresh_at_once(&party, nodes, &tokens).await;
        let (good, bad): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert!(good.len() <= 1, "{good:?}");
        assert!(bad.iter().all(|answer| answer.is_refusal("invalid_grant")), "{bad:?}");
        assert_eq!(count(world, "grant.revoked").await, i64::try_from(round).unwrap());
        for answer in good.iter().chain([&tokens]) {
            assert_eq!(party.userinfo(answer.text("access_token")).await.unwrap().status, 401);
            assert!(party.refresh(answer.text("refresh_token")).await.unwrap().is_refusal("invalid_grant"));
        }
    }
    println!("{ROUNDS} times at {} servers: at most 1 of {AT_ONCE}, and the grant is revoked", nodes.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_refreshes_of_a_confidential_client_have_one_successor() {
    let (world, node) = world().await;
    confidential(&world, &[node]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_refreshes_of_a_confidential_client_at_two_servers_have_one_successor() {
    let (world, node) = world().await;
    let nodes = [world.node().await, node];
    confidential(&world, &nodes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_refreshes_of_a_public_client_revoke_its_grant() {
    let (world, node) = world().await;
    public(&world, &[node]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_refreshes_of_a_public_client_at_two_servers_revoke_its_grant() {
    let (world, node) = world().await;
    let nodes = [world.node().await, node];
    public(&world, &nodes).await;
}
