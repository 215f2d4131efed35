//! Round trips to Postgres per operation, counted on the wire: design.md §4.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    node::world_through,
    party::{Answer, Party},
};
use crate::support::{
    directory::issue_key,
    wire::{Turn, Wire},
};

/// So often in advance: then each connection has prepared its statements.
const WARM: usize = 6;
const COUNTED: usize = 10;

/// The connections that answer requests; watcher and followers have their own.
const ASKED_BY_REQUESTS: [&str; 5] =
    ["argus", "argus standings", "argus appender", "argus loader", "argus definitions"];

/// What the server's upkeep does on such a connection of its own accord.
const UPKEEP: [&str; 6] = [
    "DELETE FROM throttles WHERE since",
    "FROM signing_keys",
    "INSERT INTO api_key_uses",
    "FROM checkpoints",
    "hashtext('checkpoints')",
    "FROM evidence_",
];

fn is_of_a_request(turn: &Turn) -> bool {
    ASKED_BY_REQUESTS.contains(&turn.who.as_str()) && !UPKEEP.iter().any(|upkeep| turn.what.contains(upkeep))
}

/// Does the same again and again, each time with something that `prepare` made, and returns what it made and was answered last.
async fn costs<P: Clone>(
    wire: &Wire,
    (name, budget): (&str, usize),
    prepare: impl AsyncFn() -> P,
    operation: impl AsyncFn(P) -> Answer,
) {
    for n in 0..WARM + COUNTED {
        let prepared = prepare().await;
        let before = wire.round_trips();
        let answer = operation(prepared).await;
        let turns: Vec<_> = wire.turns_after(before).into_iter().filter(is_of_a_request).collect();
        assert!(answer.status < 400, "{name}: {answer:?}");
        assert!(n < WARM || turns.len() == budget, "{name} took {} round trips: {turns:#?}", turns.len());
    }
    println!("{name}: {budget} round trips, each of {COUNTED} times");
}

#[tokio::test]
async fn the_round_trips_of_each_operation_are_those_of_the_design() {
    let wire = Wire::tap();
    let (world, node) = world_through(&wire).await;
    let party = Party::confidential(&world, &node, "budget").await;
    let alice = node.session_of(world.directory.alice).await;
    let nothing = async || ();
    let code = async || party.authorize(&alice).await.unwrap().code();
    let tokens = async || party.tokens(&alice).await;

    costs(&wire, ("authorize", 2), nothing, async |()| {
        let answer = party.authorize(&alice).await.unwrap();
        answer.code();
        answer
    })
    .await;
    costs(&wire, ("authorize in the portal", 2), nothing, async |()| party.authorize_in_portal(&alice).await.unwrap())
        .await;
    costs(&wire, ("code exchange", 2), code, async |code| party.redeem(&code).await.unwrap()).await;
    costs(&wire, ("refresh", 2), tokens, async |tokens| party.refresh(tokens.text("refresh_token")).await.unwrap())
        .await;
    costs(&wire, ("introspection", 1), tokens, async |tokens| {
        let answer = party.introspect(tokens.text("access_token")).await.unwrap();
        assert_eq!(answer.body.get("active"), Some(&true.into()));
        answer
    })
    .await;
    costs(&wire, ("verification", 1), tokens, async |tokens| party.verify(tokens.text("access_token")).await.unwrap())
        .await;
    costs(&wire, ("revocation", 2), tokens, async |tokens| party.revoke(tokens.text("refresh_token")).await.unwrap())
        .await;
    let key = issue_key(&node.idp, world.directory.alice, &["127.0.0.0/8"]).await;
    costs(&wire, ("client credentials", 2), nothing, async |()| party.issue_to_script(&key).await.unwrap()).await;
    costs(&wire, ("userinfo", 1), tokens, async |tokens| party.userinfo(tokens.text("access_token")).await.unwrap())
        .await;
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/oauth2/keys"] {
        costs(&wire, (path, 0), nothing, async |()| party.get(path).await.unwrap()).await;
    }
    node.stop().await;
}
