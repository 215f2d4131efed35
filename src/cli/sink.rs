//! `argus sink`: how other systems that are told what happens are doing. Works beside a running server.

use super::{
    Session,
    output::{Output, second},
};
use crate::{
    config::SinkConfig,
    directory::DirectoryError,
    event_store::follow::{self, SinkStanding},
    read,
};
use aggregates::values::Timestamp;
use anyhow::bail;
use clap::Subcommand;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Sinks: list them, let them go on, forget them.
#[derive(Debug, Subcommand)]
pub enum SinkCommand {
    /// Shows every sink: how far it is, how many events it is behind, why it stands still.
    List {
        /// How to print it.
        #[command(flatten)]
        output: Output,
    },
    /// Lets a sink that stands still try again now.
    Retry {
        /// Its name in the list.
        name: String,
    },
    /// Forgets how far a sink came that is no longer in the settings. Until then, events that it has not had are kept for it.
    Forget {
        /// Its name in the list.
        name: String,
    },
}

impl SinkCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// When the database cannot be used, there is no such sink, or one to be forgotten is still configured.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::List { output } => list(session, output).await,
            Self::Retry { name } => {
                found(read!(session.database.connections(), |c| follow::retry_sink(c, &name))?, &name)?;
                println!("{name}: tries again");
                Ok(())
            }
            Self::Forget { name } => {
                if session.config.sinks.contains_key(&name) {
                    bail!("{name} is in the settings: take it out, and restart the servers first");
                }
                found(read!(session.database.connections(), |c| follow::forget_sink(c, &name))?, &name)?;
                println!("{name}: forgotten");
                Ok(())
            }
        }
    }
}

fn found(found: bool, name: &str) -> Result<(), DirectoryError> {
    if found { Ok(()) } else { Err(DirectoryError::NotFound { kind: "sink", reference: name.to_owned() }) }
}

async fn list(session: &Session, output: Output) -> anyhow::Result<()> {
    let connections = session.database.connections();
    let followed = read!(connections, |c| follow::sink_names(c))?;
    let configured = &session.config.sinks;
    let names: BTreeSet<&String> = configured.keys().chain(&followed).collect();
    let mut rows = Vec::new();
    for name in names {
        let sink = configured.get(name);
        let events = sink.map(SinkConfig::events).unwrap_or_default();
        let standing = read!(connections, |c| follow::sink_standing(c, name, events))?;
        rows.push(row(name, sink, standing));
    }
    output.print(&["name", "type", "status", "position", "behind", "last_delivery", "error"], &rows)
}

fn row(name: &str, sink: Option<&SinkConfig>, standing: Option<SinkStanding>) -> Vec<Value> {
    let kind = sink.map(SinkConfig::kind);
    let Some(standing) = standing else {
        return vec![json!(name), json!(kind), json!("new"), Value::Null, Value::Null, Value::Null, Value::Null];
    };
    let status = if sink.is_some() { standing.status } else { "not configured".to_owned() };
    let last = standing.reached_at.map(|at| second(Timestamp::from_millis(at.timestamp_millis())));
    vec![
        json!(name),
        json!(kind),
        json!(status),
        json!(standing.position),
        json!(standing.behind),
        last.unwrap_or_default(),
        json!(standing.error),
    ]
}
