//! `argus grant`: what was granted to clients and scripts, and what became of it; one command a file.

mod list;
mod revoke;
mod show;

use super::Session;
use crate::directory::DirectoryError;
use aggregates::ids::GrantId;
use clap::Subcommand;

/// Grants.
#[derive(Debug, Subcommand)]
pub enum GrantCommand {
    /// Lists grants in the order of their beginnings, oldest first.
    List(list::List),
    /// Tells the life of one: from its authorization through every refresh to its end.
    Show(show::Show),
    /// Ends one: its code and its tokens work no more, from the next request on.
    Revoke(revoke::Revoke),
}

impl GrantCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(session).await,
            Self::Show(show) => show.run(session).await,
            Self::Revoke(revoke) => Ok(revoke.run(session).await?),
        }
    }
}

fn missing(reference: &str) -> DirectoryError {
    DirectoryError::NotFound { kind: "grant", reference: reference.to_owned() }
}

fn id(reference: &str) -> Result<GrantId, DirectoryError> {
    reference.parse().map_err(|_| missing(reference))
}
