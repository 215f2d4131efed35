//! Months that have left the log: what is known of them, and what is still found out.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{notary, settled};
use crate::support::{postgres::scratch, server::TestServer};
use aggregates::values::Seconds;
use argus::{
    event_store::retention::{Terms, plan, run},
    evidence::{Finding, Kind, Notary, Report, Source, Verification, export_log},
};
use sqlx::Executor;
use std::{fs, path::PathBuf, time::Duration};
use tokio::time::sleep;

/// A log whose grants and sessions have all been dropped, and evidence of before.
struct Scene {
    server: TestServer,
    evidence: PathBuf,
    notary: Notary,
    gone: i64,
}

impl Scene {
    async fn set() -> Self {
        let server = TestServer::start().await;
        let (rp, evidence) = (server.confidential("app").await, scratch().join("evidence"));
        rp.redeem(&rp.authorize(&server.alice()).await).await;
        settled(&server).await;
        let notary = notary(&server, Some(evidence.clone()));
        notary.sign_now().await.unwrap();
        notary.tend().await.unwrap();
        let owner = server.idp.database.owner_options();
        let terms = Terms { keep_months: 1, now: server.idp.clock.now().after(Seconds(400 * 86_400)) };
        while plan(&owner, terms).await.unwrap().iter().any(|month| !month.reasons.is_empty()) {
            sleep(Duration::from_millis(20)).await;
        }
        let gone = run(&owner, terms, &|month| notary.sign_removal(month)).await.unwrap();
        let gone = gone.iter().map(|month| month.events).sum();
        Self { server, evidence, notary, gone }
    }

    /// By the database and what was exported before, by the database alone, and by an export of now.
    async fn reports(&self) -> [Report; 3] {
        let (connections, export) = (self.server.at.connections(), scratch().join("log"));
        export_log(&connections, &mut fs::File::create(&export).unwrap()).await.unwrap();
        let of = |log, evidence| Verification { log, evidence, verifier: self.notary.verifier() };
        let database = Source::Database(connections);
        [
            of(database.clone(), Some(self.evidence.clone())).run().await.unwrap(),
            of(database, None).run().await.unwrap(),
            of(Source::File(export), Some(self.evidence.clone())).run().await.unwrap(),
        ]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_says_that_retention_took_is_not_believed() {
    let scene = Scene::set().await;
    for forgery in ["note = replace(note, E'\\nevents ', E'\\nevents 1')", "note = ''"] {
        let change = format!("UPDATE dropped_ranges SET {forgery}");
        scene.server.at.owner().await.execute(change.as_str()).await.unwrap();
        for report in scene.reports().await {
            assert!(matches!(report.finding, Some(Finding { kind: Kind::Removed, .. })), "{report:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_verified_after_months_have_left_it() {
    let scene = Scene::set().await;
    assert!(scene.gone > 0);
    for report in scene.reports().await {
        assert_eq!((report.finding, report.dropped), (None, scene.gone));
        assert!(report.verified.is_some());
    }
}
