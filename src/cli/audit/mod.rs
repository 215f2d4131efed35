//! `argus audit`: the audit trail on the terminal, one command a file.

mod list;

use super::Session;
use clap::Subcommand;

/// The audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Lists entries in log order, oldest first.
    List(list::List),
}

impl AuditCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// When the trail cannot be read, or a time cannot be understood.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(session).await,
        }
    }
}
