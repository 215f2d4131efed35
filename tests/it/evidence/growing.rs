//! Verifying beside a server at work, and after retention has taken a month.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{add_events, notary, settled};
use crate::support::{postgres::scratch, server::TestServer};
use aggregates::values::Seconds;
use argus::{
    event_store::retention::{Terms, run},
    evidence::{Kind, Report, Source, Verification, export_log, sign_dropped},
};
use sqlx::Executor;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_that_retention_dropped_is_no_tampering_and_one_that_somebody_dropped_is() {
    let server = TestServer::start().await;
    let (rp, evidence) = (server.confidential("app").await, scratch().join("evidence"));
    rp.redeem(&rp.authorize(&server.alice()).await).await;
    server.audit().await;
    settled(&server).await;
    notary(&server, Some(evidence.clone())).sign_now().await.unwrap();
    let log = "SELECT count(*), min(position) FROM events WHERE aggregate_type IN ('grant', 'session')";
    let mut owner = server.at.owner().await;
    let (events, first): (i64, i64) = sqlx::query_as(log).fetch_one(&mut owner).await.unwrap();
    let terms = Terms { keep_months: 1, now: server.idp.clock.now().after(Seconds(400 * 86_400)) };
    let sign = |range: &_| sign_dropped(range, "idp.example", &server.idp.keys);
    let gone = run(&server.idp.database.owner_options(), terms, &sign).await.unwrap();
    assert_eq!(gone.iter().map(|month| month.events).sum::<i64>(), events);
    for report in verify(&server, &evidence).await {
        assert_eq!((report.finding, report.dropped), (None, events));
    }
    // As if somebody had dropped the months, and left a record that the log's key did not sign.
    owner.execute("UPDATE dropped_ranges SET note = replace(note, 'events', 'events ')").await.unwrap();
    for report in verify(&server, &evidence).await {
        let finding = report.finding.unwrap();
        assert_eq!((finding.kind, finding.position), (Kind::Removed, first));
    }
}
