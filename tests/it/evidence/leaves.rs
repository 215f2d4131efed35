//! Leaves are made of what stands in the log, once and for good.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{add_events, canonical, leaf, settled};
use crate::support::server::TestServer;
use aggregates::{DEFINITIONS, TRAFFIC};
use argus::event_store::replay::{Replay, known};
use projections::evidence::{self, Hash};
use sqlx::{ConnectOptions, Executor};

#[tokio::test]
async fn evidence_is_neither_changed_nor_removed() {
    let server = TestServer::start().await;
    settled(&server).await;
    let mut owner = server.at.owner().await;
    let mut application = server.idp.database.options().connect().await.unwrap();
    for table in ["evidence_leaves", "evidence_nodes", "checkpoints"] {
        for change in
            [format!("UPDATE {table} SET hash = ''"), format!("DELETE FROM {table}"), format!("TRUNCATE {table}")]
        {
            let change = if table == "checkpoints" { change.replace("hash = ''", "note = ''") } else { change };
            let refused = owner.execute(change.as_str()).await.unwrap_err().to_string();
            assert!(refused.contains("evidence is final"), "{change}: {refused}");
            let refused = application.execute(change.as_str()).await.unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{change}: {refused}");
        }
    }
}

#[tokio::test]
async fn evidence_is_never_made_anew() {
    let server = TestServer::start().await;
    let owner = server.idp.database.owner_options();
    let replay = Replay { owner: &owner, unseal: &server.idp.keys, restart: false };
    let refusals =
        [known("evidence").map(|_| ()).unwrap_err(), replay.in_place(&evidence::MODEL, &mut |_| ()).await.unwrap_err()];
    for refused in refusals {
        assert!(refused.to_string().contains("never made anew"), "{refused}");
    }
}

#[test]
fn events_of_every_type_are_evidence() {
    let all = |types: &[&'static str]| types.iter().copied().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(all(evidence::MODEL.feeds), all(&[DEFINITIONS, TRAFFIC].concat()));
}

#[tokio::test]
async fn every_event_has_its_leaf_in_the_order_of_the_log() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let alice = server.alice();
    rp.redeem(&rp.authorize(&alice).await).await;
    add_events(&server, 5).await;
    let size = settled(&server).await;
    let mut owner = server.at.owner().await;
    let expected: Vec<Hash> = canonical(&mut owner).await.iter().map(|event| leaf(event.as_bytes())).collect();
    let rows = evidence::list_leaves(&mut owner, 0, 10_000).await.unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (0..i64::try_from(size).unwrap()).collect::<Vec<_>>());
    assert_eq!(rows.iter().map(|row| row.hash).collect::<Vec<_>>(), expected);
}
