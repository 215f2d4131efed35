//! `argus retention plan|run`: which months of grants and sessions may leave the log, and letting them go.

use super::{
    Session,
    evidence::{as_recorded, notary},
    output::Output,
};
use crate::event_store::retention::{Month, Terms, plan, run};
use clap::Subcommand;
use serde_json::{Value, json};

/// Months of grants and sessions that may leave the log.
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Lists every month: how much it is, and why it may or may not go.
    Plan {
        /// How to print it.
        #[command(flatten)]
        output: Output,
    },
    /// Lists the months that may go; with --execute, verifies the log and drops them for good.
    Run {
        /// Drops them.
        #[arg(long)]
        execute: bool,
        /// How to print them.
        #[command(flatten)]
        output: Output,
    },
}

impl RetentionCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// When the database cannot be used, a replay is not finished, or others hold on to the log;
    /// [`NotAsRecorded`](super::evidence::NotAsRecorded): nothing is dropped from a log that somebody has changed.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let owner = session.database.owner_options();
        let terms = Terms { keep_months: session.config.retention.keep_months, now: session.clock.now() };
        match self {
            Self::Plan { output } => print(&plan(&owner, terms).await?, "may go", output),
            Self::Run { execute: true, output } => {
                as_recorded(session).await?;
                let notary = notary(session);
                print(&run(&owner, terms, &|month| notary.sign_removal(month)).await?, "dropped", output)
            }
            Self::Run { execute: false, output } => {
                let mut months = plan(&owner, terms).await?;
                months.retain(|month| month.reasons.is_empty());
                print(&months, "may go", output)
            }
        }
    }
}

fn print(months: &[Month], free: &str, output: Output) -> anyhow::Result<()> {
    let rows: Vec<_> = months.iter().map(|month| row(month, free)).collect();
    output.print(&["partition", "events", "bytes", "first", "last", "what"], &rows)
}

fn row(month: &Month, free: &str) -> Vec<Value> {
    let (first, last) = month.positions.unzip();
    let reasons: Vec<_> = month.reasons.iter().map(ToString::to_string).collect();
    let what = if reasons.is_empty() { free.to_owned() } else { reasons.join("; ") };
    vec![json!(month.partition), json!(month.events), json!(month.bytes), json!(first), json!(last), json!(what)]
}
