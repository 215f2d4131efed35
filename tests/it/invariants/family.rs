//! A family of tokens that goes on being refreshed while it is taken away: once that is acknowledged, none of its tokens works, and
//! none that is issued after it.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    node::{Node, world},
    party::{Answer, Party},
    revocations::{Kind, Scene},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::sleep;

/// Of each kind.
const ROUNDS: u64 = 8;
const KINDS: [Kind; 8] = [
    Kind::RevokedToken,
    Kind::SignOut,
    Kind::SessionEviction,
    Kind::EndOfAllSessions,
    Kind::BlockedUser,
    Kind::ChangedPassword,
    Kind::DisabledClient,
    Kind::DeletedClient,
];

/// Whatever was issued, in order.
type Issued = Arc<Mutex<Vec<Answer>>>;

/// Refreshes at one server and the other in turn, until it is refused.
async fn refresh_on(party: Party, urls: [String; 2], mut refresh_token: String, issued: Issued) {
    for url in urls.iter().cycle() {
        let answer = party.at(url).refresh(&refresh_token).await.unwrap();
        if answer.status != 200 {
            assert!(answer.is_refusal("invalid_grant") || answer.text("error") == "invalid_client", "{answer:?}");
            return;
        }
        answer.text("refresh_token").clone_into(&mut refresh_token);
        issued.lock().unwrap().push(answer);
    }
}

async fn none_works(party: &Party, nodes: &[Node; 2], issued: &[Answer], when: &str) {
    for (n, answer) in issued.iter().enumerate() {
        for node in nodes {
            let told = party.at(&node.url).userinfo(answer.text("access_token")).await.unwrap();
            assert_eq!(told.status, 401, "{when}: token {n} of {}", issued.len());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_it_is_acknowledged_no_token_of_the_family_works_ever() {
    let (world, node) = world().await;
    let nodes @ [here, there] = &[world.node().await, node];
    for kind in KINDS {
        let mut scene = Scene::set(&world, here, kind).await;
        let (mut refreshed, mut late) = (0, 0);
        for round in 0..ROUNDS {
            scene.give(&world, here).await;
            let (party, first) = scene.family();
            let issued = Issued::default();
            let urls = [here.url.clone(), there.url.clone()];
            let refreshing = tokio::spawn(refresh_on(party.clone(), urls, first, Arc::clone(&issued)));
            sleep(Duration::from_millis(20 + 7 * round)).await;
            scene.take(&world, there).await;
            let until_then = issued.lock().unwrap().clone();
            none_works(&party, nodes, &until_then, &format!("{kind:?}, round {round}")).await;
            refreshing.await.unwrap();
            let all = issued.lock().unwrap().clone();
            none_works(&party, nodes, &all, &format!("{kind:?}, round {round}, in the end")).await;
            (refreshed, late) = (refreshed + all.len(), late + all.len() - until_then.len());
            scene.give_back(&world, here).await;
            none_works(&party, nodes, &all, &format!("{kind:?}, round {round}, given back")).await;
        }
        println!("{kind:?}: {ROUNDS} times, {refreshed} refreshes, {late} of them answered after it");
        assert!(refreshed > 0, "{kind:?} raced with nothing");
    }
}
