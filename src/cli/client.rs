//! `argus client`: OAuth clients on the terminal. The fields are those of the HTTP interface, from flags, from a TOML or JSON file, or
//! from both, the flags having the last word.

mod change;
mod fields;
mod history;
mod list;
mod replay;
mod who_can;

use super::{Session, output::Output};
use crate::{directory::DirectoryError, event_store::Moment, http::ArgusError};
use change::Changed;
use clap::{Args, Subcommand};

/// OAuth clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Define a client and print its id.
    Create(change::Create),
    /// List clients.
    List(list::List),
    /// Print a client as JSON, as it is or as it was.
    Show {
        /// The client.
        #[command(flatten)]
        which: Which,
        /// As it was then: a version (7), a position of the log (@4711), a day (2026-01-31) or a time (2026-01-31T12:00:00Z).
        #[arg(long, value_name = "MOMENT")]
        at: Option<Moment>,
    },
    /// List the versions of a client: when, who, what, why.
    History {
        /// The client.
        #[command(flatten)]
        which: Which,
        /// How to print them.
        #[command(flatten)]
        output: Output,
    },
    /// Print what has changed between two moments.
    Diff(history::Diff),
    /// List who may use a client, and by which permission.
    WhoCan(who_can::WhoCan),
    /// Change the given fields of a client.
    Update(change::Update),
    /// Put a client out of use, and end every grant.
    Disable(Changed),
    /// Let a client be used again; what ended stays ended.
    Enable(Changed),
    /// Delete a client, and with it every grant.
    Delete(Changed),
    /// Make a client be what it was, as a new version.
    Restore(change::Restore),
    /// Repeat recorded changes of a client, onto what it is now or onto another.
    Replay(replay::Replay),
}

/// One client.
#[derive(Debug, Args)]
pub struct Which {
    /// Its UUID or short name.
    client: String,
    /// The domain that the short name is in, when it is not the default domain.
    #[arg(id = "in", long, value_name = "DOMAIN")]
    domain: Option<String>,
}

impl Which {
    /// Says that there is none.
    fn missing(&self) -> DirectoryError {
        DirectoryError::NotFound { kind: "client", reference: self.client.clone() }
    }

    /// What was not found is this client.
    fn explain(&self, error: ArgusError) -> anyhow::Error {
        match error {
            ArgusError::NotFound => self.missing().into(),
            other => other.into(),
        }
    }
}

impl ClientCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What the rules say, in words; or the database.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(session).await,
            Self::Show { which, at: None } => list::show(session, &which).await,
            Self::Show { which, at: Some(moment) } => history::show(session, &which, moment).await,
            Self::History { which, output } => history::list(session, &which, output).await,
            Self::Diff(diff) => diff.run(session).await,
            Self::WhoCan(who) => who.run(session).await,
            Self::Create(create) => create.run(session).await,
            Self::Update(update) => update.run(session).await,
            Self::Disable(changed) => changed.set_disabled(session, true).await,
            Self::Enable(changed) => changed.set_disabled(session, false).await,
            Self::Delete(changed) => changed.delete(session).await,
            Self::Restore(restore) => restore.run(session).await,
            Self::Replay(replay) => replay.run(session).await,
        }
    }
}
