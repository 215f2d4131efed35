//! `argus client history` and `diff`, and `show` of what a client was.

use super::{super::Session, Which, list::find};
use crate::{
    cli::output::{Output, second},
    database::Lease,
    directory::{
        DirectoryError,
        clients::{Change, FieldChange, History, PastObject, VersionObject, diff},
    },
    event_store::Moment,
};
use clap::Args;
use serde_json::{Value, json};

/// How changes are printed: what was behind a minus, what is behind a plus.
pub(super) const COLUMNS: &[&str] = &["field", "change", "value"];

/// What has changed between two moments.
///
/// A moment is a version (7), a position of the log (@4711), a day (2026-01-31) or a time (2026-01-31T12:00:00Z).
#[derive(Debug, Args)]
pub struct Diff {
    /// The client.
    #[command(flatten)]
    which: Which,
    /// From when.
    #[arg(long, value_name = "MOMENT")]
    from: Moment,
    /// Until when; now unless given.
    #[arg(long, value_name = "MOMENT")]
    to: Option<Moment>,
    /// How to print it.
    #[command(flatten)]
    output: Output,
}

/// Opens a connection and reads the history of the client, also of a deleted one by its UUID.
pub(super) async fn read(session: &Session, which: &Which) -> anyhow::Result<(Lease, History)> {
    let id = find(session, which).await?;
    let mut lease = session.database.connections().lease().await?;
    let history = History::read(&mut lease, id).await?;
    Ok((lease, history.ok_or_else(|| which.missing())?))
}

/// What is not there at a moment.
pub(super) fn no_such(moment: Moment) -> DirectoryError {
    DirectoryError::NotFound { kind: "version", reference: moment.to_string() }
}

/// A line for each version: its number, when, who, what, why.
pub(super) async fn list(session: &Session, which: &Which, output: Output) -> anyhow::Result<()> {
    let (mut lease, history) = read(session, which).await?;
    let mut rows = Vec::new();
    for steps in history.versions() {
        rows.extend(VersionObject::of(&mut lease, steps).await?.as_ref().map(line));
    }
    lease.done();
    output.print(&["version", "time", "by", "events", "reason"], &rows)
}

fn line(version: &VersionObject) -> Vec<Value> {
    let user = version.user.as_ref().and_then(|user| user.short_name.clone());
    vec![
        json!(version.version),
        second(version.timestamp),
        json!(user.as_ref().unwrap_or(&version.actor)),
        json!(version.events),
        json!(version.reason),
    ]
}

/// The client as it was, with who made it so.
pub(super) async fn show(session: &Session, which: &Which, moment: Moment) -> anyhow::Result<()> {
    let (mut lease, history) = read(session, which).await?;
    let steps = history.until(&mut lease, moment).await?.unwrap_or_default();
    let past = PastObject::of(&mut lease, &history, steps).await?.ok_or_else(|| no_such(moment))?;
    lease.done();
    println!("{:#}", json!(past));
    Ok(())
}

impl Diff {
    /// A line for each value that came or went.
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let (mut lease, history) = read(session, &self.which).await?;
        let before = history.view(&mut lease, Some(self.from)).await?.ok_or_else(|| no_such(self.from))?;
        let after = history.view(&mut lease, self.to).await?;
        let after = after.ok_or_else(|| no_such(self.to.unwrap_or(self.from)))?;
        lease.done();
        print(&diff(&before, &after), self.output)
    }
}

fn print(changes: &[FieldChange], output: Output) -> anyhow::Result<()> {
    let rows: Vec<_> = changes.iter().flat_map(lines).collect();
    output.print(COLUMNS, &rows)
}

/// A line for each value that came or went.
pub(super) fn lines(FieldChange { field, how }: &FieldChange) -> Vec<Vec<Value>> {
    let line = |sign: &str, value: &Value| vec![json!(field), json!(sign), shown(value)];
    match how {
        Change::Value { from, to } => vec![line("-", from), line("+", to)],
        Change::Members { added, removed } => {
            let gone = removed.iter().map(|value| line("-", value));
            gone.chain(added.iter().map(|value| line("+", value))).collect()
        }
        Change::Secret { .. } => vec![vec![json!(field), json!("changed"), Value::Null]],
    }
}

/// A function by its name.
fn shown(value: &Value) -> Value {
    value.get("name").unwrap_or(value).clone()
}
