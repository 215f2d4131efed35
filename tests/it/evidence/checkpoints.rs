//! When the tree's head is signed, by whom, and what a file outside of the database gets of it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::support::{add_events, notary, settled};
use crate::support::{postgres::scratch, server::TestServer};
use argus::evidence::{Checkpoint, Line};
use projections::evidence::{self, CheckpointRow, LeafRow};
use sqlx::Executor;
use std::{fs, path::Path};

async fn checkpoints(server: &TestServer) -> Vec<CheckpointRow> {
    evidence::list_checkpoints(&mut server.at.owner().await, 0, 1000).await.unwrap()
}

fn lines(path: &Path) -> Vec<Line> {
    fs::read_to_string(path).unwrap().lines().map(|line| Line::read(line).unwrap()).collect()
}

#[tokio::test]
async fn a_file_that_is_not_evidence_is_left_alone() {
    let server = TestServer::start().await;
    settled(&server).await;
    let path = scratch().join("letters");
    let (long, longer) = ("x".repeat(10_000), format!("{{\"number\":0,{}", "x".repeat(10_000)));
    let lines = format!("{longer}\n{{}}\n{long}");
    for text in ["Dear reader", "Dear reader,\nhow are you?\n", "{}\n{}", &long, &longer, &lines] {
        fs::write(&path, text).unwrap();
        notary(&server, Some(path.clone())).tend().await.unwrap_err();
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[tokio::test]
async fn a_file_is_not_gone_on_with_from_a_database_that_disagrees() {
    let server = TestServer::start().await;
    settled(&server).await;
    let path = scratch().join("evidence");
    let notary = notary(&server, Some(path.clone()));
    notary.sign_now().await.unwrap();
    notary.tend().await.unwrap();
    let before = fs::read(&path).unwrap();
    let mut owner = server.at.owner().await;
    let exchange = "SET session_replication_role = replica; UPDATE evidence_leaves SET hash = sha256('x')";
    owner.execute(exchange).await.unwrap();
    let error = notary.tend().await.unwrap_err().to_string();
    assert!(error.contains("disagree about entry"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn the_head_is_signed_a_minute_after_the_last_time_or_after_ten_thousand_entries() {
    let server = TestServer::start().await;
    let notary = notary(&server, None);
    settled(&server).await;
    notary.sign_now().await.unwrap();
    let count = checkpoints(&server).await.len();
    server.wait(60);
    notary.tend().await.unwrap();
    assert_eq!(checkpoints(&server).await.len(), count, "nothing is new");
    add_events(&server, 1).await;
    settled(&server).await;
    notary.tend().await.unwrap();
    assert_eq!(checkpoints(&server).await.len(), count + 1, "a minute has passed");
    add_events(&server, 9_999).await;
    settled(&server).await;
    notary.tend().await.unwrap();
    assert_eq!(checkpoints(&server).await.len(), count + 1, "9,999 may wait");
    add_events(&server, 1).await;
    settled(&server).await;
    notary.tend().await.unwrap();
    assert_eq!(checkpoints(&server).await.len(), count + 2, "10,000 may not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_sign_nothing_twice_and_forget_nothing() {
    let server = TestServer::start().await;
    for _ in 0..10 {
        add_events(&server, 3).await;
        settled(&server).await;
        server.wait(60);
        let (one, two, three) = (notary(&server, None), notary(&server, None), notary(&server, None));
        let (one, two, three) = tokio::join!(one.tend(), two.tend(), three.tend());
        [one, two, three].into_iter().for_each(|outcome| outcome.unwrap());
    }
    let (all, size) = (checkpoints(&server).await, settled(&server).await);
    let times: Vec<i64> = all.iter().map(|row| row.signed_at.millis()).collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "one for each minute: {times:?}");
    assert_eq!(all.last().unwrap().tree_size, i64::try_from(size).unwrap());
}

#[tokio::test]
async fn the_file_gets_every_leaf_and_goes_on_after_a_crash() {
    let server = TestServer::start().await;
    settled(&server).await;
    let path = scratch().join("evidence");
    let notary = notary(&server, Some(path.clone()));
    notary.sign_now().await.unwrap();
    notary.tend().await.unwrap();
    let whole = fs::read(&path).unwrap();
    // At whatever byte it was cut off, the file becomes what it was.
    for cut in [0, 1, 100, 110, 200, whole.len() / 2, whole.len() - 400, whole.len() - 1, whole.len()] {
        fs::write(&path, &whole[..cut]).unwrap();
        notary.tend().await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), whole, "cut at {cut}");
    }
    add_events(&server, 300).await;
    let size = settled(&server).await;
    server.wait(60);
    notary.tend().await.unwrap();
    let lines = lines(&path);
    let leaves = lines.iter().filter_map(|line| if let Line::Leaf(leaf) = line { Some(*leaf) } else { None });
    let leaves: Vec<LeafRow> = leaves.collect();
    let rows = evidence::list_leaves(&mut server.at.owner().await, 0, 10_000).await.unwrap();
    assert_eq!((leaves.len(), &leaves), (size, &rows));
    let newest = checkpoints(&server).await.pop().unwrap();
    assert_eq!(lines.last(), Some(&Line::Checkpoint(newest.note.clone())));
    let CheckpointRow { tree_size, last_position, root, signed_at, note } = newest;
    let origin = "idp.example".to_owned();
    let expected = Checkpoint { origin, tree_size, root, last_position, signed_at };
    assert_eq!(notary.verifier().open(&note).unwrap(), expected);
}
