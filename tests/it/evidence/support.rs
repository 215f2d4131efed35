//! RFC 9162 as it reads, without regard to speed, over leaves that are computed from the table of events alone.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::support::server::TestServer;
use argus::evidence::{Notary, name_of};
use aws_lc_rs::digest::{SHA256, digest};
use projections::evidence::Hash;
use serde_json::Value;
use sqlx::PgConnection;
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::time::sleep;

/// Every event as canonical JSON: `serde_json` sorts names by bytes, and all names in events are ASCII.
const EVENTS: &str = "
SELECT jsonb_build_object('aggregate_type', aggregate_type, 'aggregate_id', aggregate_id, 'sequence', sequence,
    'event_type', event_type, 'event_version', event_version, 'payload', payload, 'metadata', metadata, 'position', position,
    'recorded_at', to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))
FROM events ORDER BY position";

/// What is hashed, of every event.
pub(crate) async fn canonical(c: &mut PgConnection) -> Vec<String> {
    let rows: Vec<Value> = sqlx::query_scalar(EVENTS).fetch_all(c).await.unwrap();
    rows.iter().map(|row| serde_json::to_string(row).unwrap()).collect()
}

fn hash(parts: &[&[u8]]) -> Hash {
    digest(&SHA256, &parts.concat()).as_ref().try_into().unwrap()
}

/// §2.1.1: of a leaf.
pub(crate) fn leaf(bytes: &[u8]) -> Hash {
    hash(&[&[0], bytes])
}

/// §2.1.1: MTH.
pub(crate) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => hash(&[]),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(half(more.len()));
            hash(&[&[1], &root(left), &root(right)])
        }
    }
}

/// §2.1.3.1: PATH.
pub(crate) fn inclusion(at: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(half(leaves.len()));
    let (mut path, other) = match at.checked_sub(left.len()) {
        None => (inclusion(at, left), root(right)),
        Some(at) => (inclusion(at, right), root(left)),
    };
    path.push(other);
    path
}

/// §2.1.4.1: PROOF.
pub(crate) fn consistency(first: usize, leaves: &[Hash]) -> Vec<Hash> {
    subproof(first, leaves, true)
}

fn subproof(first: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if first == leaves.len() {
        return if whole { Vec::new() } else { vec![root(leaves)] };
    }
    let (left, right) = leaves.split_at(half(leaves.len()));
    let (mut path, other) = match first.checked_sub(left.len()).filter(|rest| *rest > 0) {
        None => (subproof(first, left, whole), root(right)),
        Some(rest) => (subproof(rest, right, false), root(left)),
    };
    path.push(other);
    path
}

/// The largest power of two below `size`.
fn half(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// What would sign for this server.
pub(crate) fn notary(server: &TestServer, file: Option<PathBuf>) -> Notary {
    let idp = &server.idp;
    Notary {
        keys: idp.keys.clone(),
        connections: idp.database.connections().clone(),
        clock: Arc::clone(&idp.clock),
        name: name_of(&idp.config.issuer),
        file,
    }
}

/// Waits until every event has its leaf; how many there are.
pub(crate) async fn settled(server: &TestServer) -> usize {
    let mut owner = server.at.owner().await;
    loop {
        let counts = "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM evidence_leaves)";
        let (events, leaves): (i64, i64) = sqlx::query_as(counts).fetch_one(&mut owner).await.unwrap();
        if events == leaves {
            return usize::try_from(leaves).unwrap();
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Adds events that no read model but the evidence is told of.
pub(crate) async fn add_events(server: &TestServer, count: i64) {
    sqlx::query(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT 'provider', 'one', nth, 'provider.noted', '1', jsonb_build_object('é', nth, 'b', 'x'), '{}'
         FROM generate_series(1 + (SELECT count(*) FROM events WHERE aggregate_type = 'provider'),
            $1 + (SELECT count(*) FROM events WHERE aggregate_type = 'provider')) AS nth",
    )
    .bind(count)
    .execute(&mut server.at.owner().await)
    .await
    .unwrap();
}
