//! The audit trail as it leaves the house: in our own words, in the two that security tools speak, as a table; and as a whole, for
//! keeping.

mod csv;
mod ecs;
mod export;
mod ocsf;

pub use ecs::EcsEvent;
pub use export::{Format, export};
pub use ocsf::OcsfEvent;

use projections::audit::AuditRow;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// In whose words an entry is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Notation {
    /// Our own.
    #[default]
    Argus,
    /// Elastic Common Schema 8.17.
    Ecs,
    /// Open Cybersecurity Schema Framework 1.6.0.
    Ocsf,
}

impl Notation {
    /// The words that a request may say.
    pub const WORDS: [&str; 3] = ["argus", "ecs", "ocsf"];

    /// An entry in these words.
    #[must_use]
    pub fn told(self, row: AuditRow) -> Told {
        match self {
            Self::Argus => Told::Argus(Box::new(row)),
            Self::Ecs => Told::Ecs(EcsEvent::of(&row)),
            Self::Ocsf => Told::Ocsf(OcsfEvent::of(&row)),
        }
    }
}

/// An entry as it is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Told {
    /// In our words.
    Argus(Box<AuditRow>),
    /// As an event of the Elastic Common Schema.
    Ecs(EcsEvent),
    /// As an event of the Open Cybersecurity Schema Framework.
    Ocsf(OcsfEvent),
}

/// What the entry says beyond the fields that a schema has a place for.
fn rest(row: &AuditRow, placed: &[&str]) -> Map<String, Value> {
    let Ok(Value::Object(fields)) = serde_json::to_value(row) else { return Map::new() };
    fields.into_iter().filter(|(name, value)| !value.is_null() && !placed.contains(&name.as_str())).collect()
}

/// The fields without what is null, empty or has nothing left in it.
fn pruned(event: Value) -> Map<String, Value> {
    let Value::Object(fields) = event else { return Map::new() };
    let kept = fields.into_iter().map(|(name, value)| match value {
        Value::Object(_) => (name, Value::Object(pruned(value))),
        other => (name, other),
    });
    kept.filter(|(_, value)| !is_nothing(value)).collect()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}

/// The user who acted; none where it was the program itself, or nobody known.
fn acting_user(row: &AuditRow) -> Option<&str> {
    row.actor.strip_prefix("user:")
}

/// The part of the program that acted: `system:cli`.
fn acting_system(row: &AuditRow) -> Option<&str> {
    row.actor.starts_with("system:").then_some(row.actor.as_str())
}
