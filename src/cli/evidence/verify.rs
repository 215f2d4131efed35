//! `argus audit verify`: compares the log with its evidence; needs no database when it is given an export.

use super::{Session, notary};
use crate::evidence::{Checkpoint, Finding, Report, Source, Verification, Verifier};
use anyhow::{Context, bail};
use chrono::DateTime;
use clap::Args;
use std::path::PathBuf;
use thiserror::Error;

/// What is compared.
#[derive(Debug, Args)]
pub struct Verify {
    /// Evidence that left the database earlier (audit.evidence_file, or `argus audit checkpoint --export`). It is believed.
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// A log that was exported by `argus audit evidence`, instead of the database.
    #[arg(long, value_name = "FILE", requires = "key")]
    export: Option<PathBuf>,
    /// The key that signed, as `argus audit key` prints it; that of this server unless given.
    #[arg(long, value_name = "VERIFIER")]
    key: Option<Verifier>,
}

/// The log is not what was recorded.
#[derive(Debug, Error)]
#[error("the log is not what was recorded. {0}")]
pub struct NotAsRecorded(Finding);

impl Verify {
    /// Compares files alone; says whether that is what is wanted.
    pub(super) async fn offline(&self) -> anyhow::Result<bool> {
        let Some((export, verifier)) = self.export.clone().zip(self.key.clone()) else { return Ok(false) };
        let evidence = self.evidence.clone();
        verify(&Verification { log: Source::File(export), evidence, verifier }).await.map(|()| true)
    }

    /// The comparison with the database.
    pub(super) fn online(self, session: &Session) -> Verification {
        let log = Source::Database(session.database.connections().clone());
        let verifier = self.key.unwrap_or_else(|| notary(session).verifier());
        Verification { log, evidence: self.evidence, verifier }
    }
}

/// Compares, and fails with the first thing that is wrong; `tell` is told of everything before.
pub(super) async fn compare(verification: &Verification, tell: impl FnOnce(&Report)) -> anyhow::Result<Report> {
    let report = verification.run().await.context("the log could not be verified")?;
    tell(&report);
    match report.finding {
        Some(finding) => Err(NotAsRecorded(finding).into()),
        None => Ok(report),
    }
}

/// Compares, and says what came of it.
pub(super) async fn verify(verification: &Verification) -> anyhow::Result<()> {
    let report = compare(verification, tell).await?;
    let Some(Checkpoint { tree_size, last_position, signed_at, .. }) = report.verified else {
        bail!("nothing is signed yet: run `argus audit checkpoint`");
    };
    let signed_at = DateTime::from_timestamp_millis(signed_at.millis()).unwrap_or_default();
    let entry = tree_size - 1;
    println!("verified through entry {entry}, position {last_position} at {}", signed_at.format("%Y-%m-%dT%H:%M:%SZ"));
    Ok(())
}

/// What has to be known beside the outcome.
fn tell(report: &Report) {
    let notes = [
        (report.dropped, "events were taken by retention, and are known by their hash alone"),
        (report.unsigned, "entries are newer than the newest checkpoint"),
        (report.waiting, "events are newer than the newest entry"),
    ];
    notes.iter().filter(|(count, _)| *count > 0).for_each(|(count, what)| println!("{count} {what}"));
}
