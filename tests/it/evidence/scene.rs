//! A log with exported evidence, before somebody lays hands on it.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{add_events, notary, settled};
use crate::support::{
    postgres::{TestDatabase, scratch},
    server::TestServer,
};
use argus::{
    evidence::{Report, Source, Verification, Verifier, export_log, sign_dropped},
    keys::Keys,
};
use projections::evidence::{self, DroppedRange};
use std::{fs, path::PathBuf};

/// A log with a hole in its positions, evidence that left the database at half of it, and more of both since.
pub(super) struct Scene {
    pub(super) base: TestDatabase,
    pub(super) evidence: PathBuf,
    pub(super) keys: Keys,
    pub(super) verifier: Verifier,
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
        let keys = server.idp.keys.clone();
        Self { base: server.at.copy().await, evidence, keys, verifier: notary.verifier(), positions, hole }
    }

    /// The entry that stands in the hole's place, had there been one.
    pub(super) fn after_hole(&self) -> usize {
        self.positions.iter().position(|position| *position > self.hole).unwrap()
    }

    /// What retention leaves behind.
    pub(super) fn dropped(&self, first_position: i64, last_position: i64, events: i64) -> String {
        let partition = "events_session_2026_01".to_owned();
        sign_dropped(&DroppedRange { partition, first_position, last_position, events }, "idp.example", &self.keys)
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
