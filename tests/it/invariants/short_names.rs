//! Two clients of one short name at the same time, among fifty other commands: one is refused, and nobody else notices.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    node::world,
    party::{Answer, Party, define, definition, http},
};
use crate::support::directory::ALICE_PASSWORD;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Barrier;

const DEFINITIONS: usize = 15;
const AUTHORIZATIONS: usize = 30;
const SIGN_INS: usize = 5;
const ROUNDS: usize = 2;

/// Runs when everybody is there.
async fn together<T>(barrier: &Barrier, command: impl Future<Output = T>) -> T {
    barrier.wait().await;
    command.await
}

async fn sign_in(url: &str) -> u16 {
    let url = format!("{url}/authentication/v1/password/authentication");
    let body = json!({"userName": "alice", "password": ALICE_PASSWORD});
    http().post(url).json(&body).send().await.unwrap().status().as_u16()
}

fn complaints(answer: &Answer) -> Vec<&str> {
    let messages = answer.body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    messages.iter().filter_map(|message| message["field"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_clients_with_one_short_name_among_fifty_commands_one_is_refused() {
    let (world, node) = world().await;
    let node = Arc::new(node);
    let party = Party::confidential(&world, &node, "busy").await;
    let alice = node.session_of(world.directory.alice).await;
    let (http_client, key) = (&node, world.directory.admin_key.as_str());
    for round in 0..ROUNDS {
        let barrier = Barrier::new(2 + DEFINITIONS + AUTHORIZATIONS + SIGN_INS);
        let defined = |name: String| {
            let barrier = &barrier;
            async move { together(barrier, define(http_client, key, &definition(&name, None))).await }
        };
        let twins =
            join_all([0, 1].map(|n| defined(if n == 0 { format!("twin{round}") } else { format!("TWIN{round}") })));
        let others = join_all((0..DEFINITIONS).map(|n| defined(format!("other{round}x{n}"))));
        let codes = join_all((0..AUTHORIZATIONS).map(|_| together(&barrier, party.authorize(&alice))));
        let sign_ins = join_all((0..SIGN_INS).map(|_| together(&barrier, sign_in(&node.url))));
        let (twins, others, codes, sign_ins) = tokio::join!(twins, others, codes, sign_ins);

        let (good, bad): (Vec<_>, Vec<_>) = twins.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((good.len(), bad.len()), (1, 1), "{good:?} {bad:?}");
        assert_eq!((bad[0].status, complaints(&bad[0])), (412, vec!["shortName"]), "{:?}", bad[0].body);
        assert!(others.iter().all(|answer| answer.status == 201), "{others:?}");
        assert!(codes.into_iter().all(|answer| answer.unwrap().parameter("code").is_some()));
        assert_eq!(sign_ins, [200; SIGN_INS]);
        assert_ne!(good[0].body, Value::Null);
    }
    let others = DEFINITIONS + AUTHORIZATIONS + SIGN_INS;
    println!("{ROUNDS} times two short names among {others} commands: one 412, everything else succeeds");
}
