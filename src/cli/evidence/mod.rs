//! The commands of `argus audit` that prove the log: `checkpoint`, `evidence`, `key`, `verify`.

mod checkpoint;
mod export;
mod key;
mod verify;

pub use verify::NotAsRecorded;

use super::Session;
use crate::evidence::{Notary, Source, Verification, name_of};
use clap::Subcommand;

/// What proves that the log was not changed.
#[derive(Debug, Subcommand)]
pub enum EvidenceCommand {
    /// Signs what is new in the log and prints the newest checkpoint.
    Checkpoint(checkpoint::Checkpoint),
    /// Writes the whole log to a file as it is hashed, with its evidence, to be verified elsewhere.
    Evidence(export::Evidence),
    /// Prints the public key by which checkpoints are verified.
    Key,
    /// Compares the log with its evidence and names the first event that was changed, removed, inserted or moved: exit code 10.
    Verify(verify::Verify),
}

impl EvidenceCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// When the database or a file cannot be used; [`NotAsRecorded`].
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Checkpoint(checkpoint) => checkpoint.run(session).await,
            Self::Evidence(evidence) => evidence.run(session).await,
            Self::Key => key::run(session),
            Self::Verify(verify) => verify::verify(&verify.online(session)).await,
        }
    }

    /// Carries it out if it needs neither settings nor a database; says whether it did.
    ///
    /// # Errors
    /// As [`EvidenceCommand::run`].
    pub async fn run_alone(&self) -> anyhow::Result<bool> {
        match self {
            Self::Verify(verify) => verify.offline().await,
            _ => Ok(false),
        }
    }
}

/// Verifies the database, against the configured file of evidence where there is one.
///
/// # Errors
/// When it cannot be verified; [`NotAsRecorded`].
pub(super) async fn as_recorded(session: &Session) -> anyhow::Result<()> {
    let evidence = session.config.audit.evidence_file.clone();
    let log = Source::Database(session.database.connections().clone());
    let verification = Verification { log, evidence, verifier: notary(session).verifier() };
    verify::compare(&verification, |_| ()).await.map(drop)
}

/// What signs, for this command.
pub(super) fn notary(session: &Session) -> Notary {
    Notary {
        keys: session.keys.clone(),
        connections: session.database.connections().clone(),
        clock: session.clock.clone(),
        name: name_of(&session.config.issuer),
        file: None,
    }
}
