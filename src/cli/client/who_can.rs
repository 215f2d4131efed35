//! `argus client who-can`: who may use a client, and by which permission.

use super::{super::Session, Which, list::find};
use crate::{cli::output::Output, directory::clients::who_could, event_store::Moment, read};
use clap::Args;
use projections::clients::{self, Holder};
use serde_json::{Value, json};

/// List who may use a client, and by which permission.
#[derive(Debug, Args)]
pub struct WhoCan {
    /// The client.
    #[command(flatten)]
    which: Which,
    /// By the directory as it was then: a version (7), a position of the log (@4711), a day (2026-01-31) or a time
    /// (2026-01-31T12:00:00Z).
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
    /// How to print them.
    #[command(flatten)]
    output: Output,
}

impl WhoCan {
    /// A line for each user.
    ///
    /// # Errors
    /// When there is no such client, or the database is away.
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let id = find(session, &self.which).await?;
        let found = match self.at {
            Some(moment) => who_could((&session.database, &session.keys), id, moment, None)
                .await
                .map_err(|error| self.which.explain(error))?,
            None => read!(session.database.connections(), |c| clients::who_can(c, id, None))?,
        };
        let rows: Vec<_> = found.iter().map(line).collect();
        self.output.print(&["user", "by", "function", "customer"], &rows)
    }
}

fn line(holder: &Holder) -> Vec<Value> {
    let held = &holder.held_by;
    vec![
        json!(holder.user.short_name),
        json!(held.subject.short_name),
        json!(held.function.name),
        json!(held.customer.short_name),
    ]
}
