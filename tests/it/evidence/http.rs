//! Checkpoints and proofs over HTTP, verified by nothing but what they say.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::support::{add_events, canonical, notary, settled};
use crate::support::{people::Person, server::TestServer};
use base64::{Engine, engine::general_purpose::STANDARD};
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use serde_json::Value;
use sha2::Sha256;

async fn signed(server: &TestServer) {
    server.audit().await;
    settled(server).await;
    notary(server, None).sign_now().await.unwrap();
}

async fn data(person: &Person, path: &str) -> Value {
    let answer = person.get(path).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.json()["data"].clone()
}

fn bytes(text: &Value) -> Vec<u8> {
    STANDARD.decode(text.as_str().unwrap()).unwrap()
}

fn joined(hashes: &Value) -> Vec<u8> {
    hashes.as_array().unwrap().iter().flat_map(bytes).collect()
}

/// The tree that a checkpoint's text speaks of.
fn head(note: &Value) -> RootHash<Sha256> {
    let lines: Vec<&str> = note.as_str().unwrap().lines().collect();
    let root: [u8; 32] = STANDARD.decode(lines[2]).unwrap().try_into().unwrap();
    RootHash::new(root.into(), lines[1].parse().unwrap())
}

#[tokio::test]
async fn sizes_that_no_checkpoint_has_come_to_are_refused() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.sign_in().await;
    signed(&server).await;
    for bad in ["", "?from=0", "?from=2&to=1", "?from=1&to=1000000", "?from=x", "?from=1&x=1"] {
        assert_eq!(admin.get(&format!("/audit/v1/consistency{bad}")).await.status, 412, "{bad}");
    }
    for bad in ["?after=x", "?limit=0", "?limit=1001", "?x=1"] {
        assert_eq!(admin.get(&format!("/audit/v1/checkpoints{bad}")).await.status, 412, "{bad}");
    }
}

#[tokio::test]
async fn an_entry_that_is_not_seen_or_not_signed_has_no_proof() {
    let server = TestServer::start().await;
    let (admin, audrey) = (server.admin(), server.audrey());
    admin.sign_in().await;
    audrey.sign_in().await;
    signed(&server).await;
    let newest = "SELECT max(last_position) FROM checkpoints";
    let newest: i64 = sqlx::query_scalar(newest).fetch_one(&mut server.at.owner().await).await.unwrap();
    server.alice().sign_in().await;
    server.audit().await;
    settled(&server).await;
    for position in ["x".to_owned(), "-1".to_owned(), "0".to_owned(), (newest + 1).to_string(), i64::MAX.to_string()] {
        let path = format!("/audit/v1/entries/{position}/proof");
        assert_eq!(admin.get(&path).await.status, 404, "{position}");
    }
    // Another customer's: the auditor of acme learns no more than that it is not theirs.
    let other = "SELECT position FROM audit WHERE customer_id = $1 AND position <= $2 LIMIT 1";
    let other: i64 = sqlx::query_scalar(other)
        .bind(server.directory.globex.uuid())
        .bind(newest)
        .fetch_one(&mut server.at.owner().await)
        .await
        .unwrap();
    let path = format!("/audit/v1/entries/{other}/proof");
    assert_eq!((audrey.get(&path).await.status, admin.get(&path).await.status), (404, 200));
    assert_eq!(audrey.get("/audit/v1/checkpoint").await.status, 200);
}

#[tokio::test]
async fn proofs_lead_to_what_was_signed() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.sign_in().await;
    signed(&server).await;
    let first = admin.get("/audit/v1/checkpoint").await;
    assert_eq!(first.headers["content-type"], "text/plain; charset=utf-8");
    add_events(&server, 300).await;
    signed(&server).await;
    let all = data(&admin, "/audit/v1/checkpoints").await;
    let (newest, first) = (all.as_array().unwrap().last().unwrap(), String::from_utf8(first.body).unwrap());
    notary(&server, None).verifier().open(newest["note"].as_str().unwrap()).unwrap();
    let (first, head_now) = (head(&Value::String(first)), head(&newest["note"]));
    assert_eq!(head_now.num_leaves(), newest["treeSize"].as_u64().unwrap());

    let proof = data(&admin, &format!("/audit/v1/consistency?from={}", first.num_leaves())).await;
    let proof = ConsistencyProof::<Sha256>::try_from_bytes(joined(&proof["path"])).unwrap();
    head_now.verify_consistency(&first, &proof).unwrap();

    let events = canonical(&mut server.at.owner().await).await;
    for entry in data(&admin, "/audit/v1/entries?limit=5").await.as_array().unwrap() {
        let proof = data(&admin, &format!("/audit/v1/entries/{}/proof", entry["position"])).await;
        let index = proof["index"].as_u64().unwrap();
        let path = InclusionProof::<Sha256>::try_from_bytes(joined(&proof["auditPath"])).unwrap();
        let event = &events[usize::try_from(index).unwrap()];
        assert!(event.contains(&format!("\"position\":{}", entry["position"])));
        head(&proof["checkpoint"]).verify_inclusion(event, index, &path).unwrap();
    }
}
