//! `[sinks.NAME]`: other systems that are told what happens.

use super::ConfigError;
use aggregates::{DEFINITIONS, TRAFFIC, event_types};
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};

/// All of them, by name.
pub type SinksConfig = BTreeMap<String, SinkConfig>;

/// One sink, by its `type`.
#[derive(Clone, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum SinkConfig {
    /// A file with a JSON object a line.
    Jsonl(JsonlConfig),
}

/// `type = "jsonl"`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonlConfig {
    /// The file; it is made, and readable by its owner only.
    pub path: PathBuf,
    /// What it is told of: `client.renamed`, `session.*`. Everything when there are none.
    #[serde(default)]
    pub events: Vec<String>,
}

impl SinkConfig {
    /// Its `type`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Jsonl(_) => "jsonl",
        }
    }

    /// The types of events that it is told of, `TYPE.*` for all of one type of stream; all events when there are none.
    #[must_use]
    pub fn events(&self) -> &[String] {
        match self {
            Self::Jsonl(config) => &config.events,
        }
    }

    /// The settings of the sink `name`.
    pub(super) fn check(&self, name: &str) -> Result<(), ConfigError> {
        let key = format!("sinks.{name}");
        if name.is_empty() || !name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-') {
            return Err(ConfigError::refused(key, "its name must be of lower-case letters, digits and hyphens"));
        }
        match self.events().iter().find(|event| !is_known(event)) {
            Some(event) => Err(ConfigError::refused(format!("{key}.events"), format!("there is no event {event}"))),
            None => Ok(()),
        }
    }
}

fn is_known(event: &str) -> bool {
    let stream = |name| DEFINITIONS.contains(&name) || TRAFFIC.contains(&name);
    event.strip_suffix(".*").is_some_and(stream) || event_types().any(|known| known == event)
}
