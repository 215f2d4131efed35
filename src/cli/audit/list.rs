//! `argus audit list`: the audit trail on the terminal.

use crate::{
    cli::{Session, moment::moment},
    read,
};
use chrono::DateTime;
use clap::{Args, ValueEnum};
use projections::audit::{self, AuditRow, Filter, Page, Visible};

/// Which entries to list.
#[derive(Debug, Args)]
pub struct List {
    /// Only this user's: a user name or id.
    #[arg(long)]
    user: Option<String>,
    /// Only this client's: a short name or id.
    #[arg(long)]
    client: Option<String>,
    /// Only this action, for example token.issued.
    #[arg(long)]
    action: Option<String>,
    /// Only this outcome: granted, refused, revoked or done.
    #[arg(long)]
    outcome: Option<String>,
    /// Not before: 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now such as 90m, 12h, 7d.
    #[arg(long)]
    since: Option<String>,
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

impl List {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let now = session.clock.now();
        let since = self.since.as_deref().map(|text| moment(text, now)).transpose()?;
        let filter = Filter { user: self.user, client: self.client, action: self.action, outcome: self.outcome, since };
        let page = Page { after: self.after, limit: self.limit };
        let rows = read!(session.database.connections(), |c| audit::list(c, &filter, &Visible::All, page))?;
        for row in &rows {
            match self.output {
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
