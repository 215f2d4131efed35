//! The commands of `argus audit` that prove the log: `checkpoint`, `key`.

mod checkpoint;
mod key;

use super::Session;
use crate::evidence::{Notary, name_of};
use clap::Subcommand;

/// What proves that the log was not changed.
#[derive(Debug, Subcommand)]
pub enum EvidenceCommand {
    /// Signs what is new in the log and prints the newest checkpoint.
    Checkpoint(checkpoint::Checkpoint),
    /// Prints the public key by which checkpoints are verified.
    Key,
}

impl EvidenceCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// When the database or a file cannot be used.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Checkpoint(checkpoint) => checkpoint.run(session).await,
            Self::Key => key::run(session),
        }
    }
}

/// What signs, for this command.
fn notary(session: &Session) -> Notary {
    Notary {
        keys: session.keys.clone(),
        connections: session.database.connections().clone(),
        clock: session.clock.clone(),
        name: name_of(&session.config.issuer),
        file: None,
    }
}
