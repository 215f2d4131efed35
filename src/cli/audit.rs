//! `argus audit list`: the audit trail on the terminal.

use super::{Session, evidence::EvidenceCommand};
use crate::read;
use chrono::DateTime;
use clap::{Args, Subcommand, ValueEnum};
use projections::audit::{self, AuditRow, Filter, Page, Visible};

/// The audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Lists entries in log order, oldest first.
    List(List),
    /// What proves that the log was not changed.
    #[command(flatten)]
    Evidence(EvidenceCommand),
}

/// Which entries to list.
#[derive(Debug, Args)]
pub struct List {
    /// Which ones: actor:alice client:myclient action:token.* outcome:refused ip:10.0.0.0/8 after:7d -action:token.refreshed.
    /// Options come first.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    query: Vec<String>,
    /// The position after which to begin: the last one of the page before.
    #[arg(long, default_value_t = 0)]
    after: i64,
    /// The most entries.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    limit: i64,
    /// How to print them.
    #[arg(long, short, value_enum, default_value_t)]
    output: Output,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Output {
    /// A line each, for people.
    #[default]
    Table,
    /// A JSON object a line, with every field.
    Jsonl,
}

impl AuditCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// When the trail cannot be read, or a time cannot be understood.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let list = match self {
            Self::List(list) => list,
            Self::Evidence(command) => return command.run(session).await,
        };
        let filter = Filter::parse(&list.query.join(" "), session.clock.now())?;
        let page = Page { after: list.after, limit: list.limit };
        let rows = read!(session.database.connections(), |c| audit::list(c, &filter, &Visible::All, page))?;
        for row in &rows {
            match list.output {
                Output::Table => println!("{}", line(row)),
                Output::Jsonl => println!("{}", serde_json::to_string(row)?),
            }
        }
        Ok(())
    }
}

/// Position, time, outcome, action, user, client with version (or what was changed), address, reason.
fn line(row: &AuditRow) -> String {
    let at = DateTime::from_timestamp_millis(row.at.millis()).unwrap_or_default().format("%Y-%m-%dT%H:%M:%S%.3fZ");
    let user = row.user_name.clone().or_else(|| row.user_id.map(|id| id.to_string())).unwrap_or_else(|| "-".to_owned());
    let object = row.object_type.as_ref().zip(row.object_id).map(|(kind, id)| format!("{kind}:{id}"));
    let client = row.client_short_name.clone().or_else(|| row.client_id.map(|id| id.to_string())).or(object);
    let client = client.unwrap_or_else(|| "-".to_owned());
    let version = row.client_version.map(|version| format!("@{version}")).unwrap_or_default();
    let (ip, reason) = (row.ip.as_deref().unwrap_or("-"), row.reason.as_deref().unwrap_or("-"));
    format!(
        "{:>8}  {at}  {:<8} {:<24} {user:<16} {client}{version}  {ip}  {reason}",
        row.position, row.outcome, row.action
    )
}
