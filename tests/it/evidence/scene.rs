//! A log with exported evidence, before somebody lays hands on it.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{add_events, notary, settled};
use crate::support::{
    postgres::{TestDatabase, scratch},
    server::TestServer,
};
use argus::evidence::{Notary, Report, Source, Verification, Verifier, export_log};
use projections::evidence;
use std::{fs, path::PathBuf};

/// A log with a hole in its positions, evidence that left the database at half of it, and more of both since.
pub(super) struct Scene {
    pub(super) base: TestDatabase,
    pub(super) evidence: PathBuf,
    pub(super) verifier: Verifier,
    pub(super) notary: Notary,
    /// The position of each entry that the exported evidence covers.
    pub(super) positions: Vec<i64>,
    pub(super) hole: i64,
}

impl Scene {
    pub(super) async fn set() -> Self {
        let server = TestServer::start().await;
        let (rp, evidence) = (server.confidential("app").await, scratch().join("evidence"));
        rp.redeem(&rp.authorize(&server.alice()).await).await;
        let mut owner = server.at.owner().await;
        let hole = "SELECT nextval(pg_get_serial_sequence('events', 'position'))";
        let hole: i64 = sqlx::query_scalar(hole).fetch_one(&mut owner).await.unwrap();
        add_events(&server, 10).await;
        rp.redeem(&rp.authorize(&server.alice()).await).await;
        let size = settled(&server).await;
        let notary = notary(&server, Some(evidence.clone()));
        notary.sign_now().await.unwrap();
        notary.tend().await.unwrap();
        // The database goes on; the file does not.
        add_events(&server, 20).await;
        settled(&server).await;
        self::notary(&server, None).sign_now().await.unwrap();
        let positions = evidence::list_leaves(&mut owner, 0, 10_000).await.unwrap();
        let positions = positions.iter().take(size).map(|leaf| leaf.position).collect();
        server.stop().await;
        Self { base: server.at.copy().await, evidence, verifier: notary.verifier(), notary, positions, hole }
    }

    /// The entry that stands in the hole's place, had there been one.
    pub(super) fn after_hole(&self) -> usize {
        self.positions.iter().position(|position| *position > self.hole).unwrap()
    }

    pub(super) async fn verify(&self, at: &TestDatabase, evidence: bool) -> Report {
        let evidence = evidence.then(|| self.evidence.clone());
        let log = Source::Database(at.connections());
        Verification { log, evidence, verifier: self.verifier.clone() }.run().await.unwrap()
    }

    /// The same from an export that is made after the deed.
    pub(super) async fn verify_export(&self, at: &TestDatabase) -> Report {
        let path = scratch().join("log");
        export_log(&at.connections(), &mut fs::File::create(&path).unwrap()).await.unwrap();
        let evidence = Some(self.evidence.clone());
        Verification { log: Source::File(path), evidence, verifier: self.verifier.clone() }.run().await.unwrap()
    }
}
