//! How entries are shown: a line each, for people; or an object a line, for programs.

use crate::trail::Notation;
use chrono::DateTime;
use clap::{Args, ValueEnum};
use projections::audit::AuditRow;
use std::io::{BufWriter, Stdout, Write, stdout};

/// How to show them.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Form {
    /// How to show entries.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// A line each, for people.
    #[default]
    Table,
    /// A JSON object a line, with every field.
    Jsonl,
    /// An event of the Elastic Common Schema 8.17 a line.
    Ecs,
    /// An event of the Open Cybersecurity Schema Framework 1.6.0 a line.
    Ocsf,
}

/// Standard output, for entries.
pub(super) struct Shown {
    format: Format,
    out: BufWriter<Stdout>,
}

impl Shown {
    pub(super) fn new(form: Form) -> Self {
        Self { format: form.format, out: BufWriter::new(stdout()) }
    }

    /// Shows an entry, at the latest with [`Shown::flush`].
    pub(super) fn show(&mut self, row: AuditRow) -> anyhow::Result<()> {
        let notation = match self.format {
            Format::Table => return Ok(writeln!(self.out, "{}", line(&row))?),
            Format::Jsonl => Notation::Argus,
            Format::Ecs => Notation::Ecs,
            Format::Ocsf => Notation::Ocsf,
        };
        Ok(writeln!(self.out, "{}", serde_json::to_string(&notation.told(row))?)?)
    }

    pub(super) fn flush(&mut self) -> anyhow::Result<()> {
        Ok(self.out.flush()?)
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
