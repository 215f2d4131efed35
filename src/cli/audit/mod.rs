//! `argus audit`: the audit trail on the terminal, one command a file.

mod list;

use super::{Session, evidence::EvidenceCommand};
use clap::Subcommand;

/// The audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Lists entries in log order, oldest first.
    List(list::List),
    /// What proves that the log was not changed.
    #[command(flatten)]
    Evidence(EvidenceCommand),
}

impl AuditCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// When the trail cannot be read, or a filter cannot be understood.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(session).await,
            Self::Evidence(command) => command.run(session).await,
        }
    }
}
