//! Verifying beside a server at work.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{add_events, notary, settled};
use crate::support::{postgres::scratch, server::TestServer};
use argus::evidence::{Report, Source, Verification, export_log};
use std::{fs, path::Path};

/// Of the database, and of an export that is younger than the evidence.
async fn verify(server: &TestServer, evidence: &Path) -> [Report; 2] {
    let (verifier, path, taken) = (notary(server, None).verifier(), scratch().join("log"), scratch().join("evidence"));
    fs::copy(evidence, &taken).unwrap();
    export_log(&server.at.connections(), &mut fs::File::create(&path).unwrap()).await.unwrap();
    let of = async |log, evidence: &Path| {
        Verification { log, evidence: Some(evidence.to_owned()), verifier: verifier.clone() }.run().await.unwrap()
    };
    [of(Source::Database(server.at.connections()), evidence).await, of(Source::File(path), &taken).await]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_recorded_meanwhile_is_no_tampering() {
    let server = TestServer::start().await;
    let evidence = scratch().join("evidence");
    settled(&server).await;
    notary(&server, Some(evidence.clone())).sign_now().await.unwrap();
    let (working, at_work) = (server.clone(), notary(&server, Some(evidence.clone())));
    let work = tokio::spawn(async move {
        loop {
            add_events(&working, 20).await;
            at_work.sign_now().await.unwrap();
        }
    });
    let mut grown = 0;
    while grown < 1500 {
        assert!(!work.is_finished());
        for report in verify(&server, &evidence).await {
            assert_eq!(report.finding, None);
            grown = report.verified.unwrap().tree_size;
        }
    }
    work.abort();
    println!("verified while the log grew to {grown} entries");
}
