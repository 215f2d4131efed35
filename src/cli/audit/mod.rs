//! `argus audit`: the audit trail on the terminal, one command a file.

mod export;
mod search;
mod show;
mod shown;
mod tail;

use super::{Session, evidence::EvidenceCommand};
use clap::{Args, Subcommand};
use projections::audit::Filter;
use std::io;

/// The audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Shows entries in log order, oldest first.
    Search(search::Search),
    /// Shows entries as they come, until it is interrupted.
    Tail(tail::Tail),
    /// Explains one entry: in a sentence, and in full.
    Show(show::Show),
    /// Writes every entry to a file, or to standard output. The last line says how many there are and their SHA-256.
    Export(export::Export),
    /// What proves that the log was not changed.
    #[command(flatten)]
    Evidence(EvidenceCommand),
}

/// Which entries.
#[derive(Debug, Args)]
struct Query {
    /// Which ones: actor:alice client:myclient action:token.* outcome:refused ip:10.0.0.0/8 after:7d -action:token.refreshed.
    /// Options come first.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    query: Vec<String>,
}

impl Query {
    fn filter(&self, session: &Session) -> anyhow::Result<Filter> {
        Ok(Filter::parse(&self.query.join(" "), session.clock.now())?)
    }
}

impl AuditCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// When the trail cannot be read, a filter cannot be understood, or a file cannot be written.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let outcome = match self {
            Self::Search(search) => search.run(session).await,
            Self::Tail(tail) => tail.run(session).await,
            Self::Show(show) => show.run(session).await,
            Self::Export(export) => export.run(session).await,
            Self::Evidence(command) => command.run(session).await,
        };
        outcome.or_else(|error| if nobody_reads(&error) { Ok(()) } else { Err(error) })
    }
}

/// Whoever reads standard output, such as `head`, has enough.
fn nobody_reads(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
