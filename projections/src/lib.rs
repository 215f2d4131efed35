//! What may be asked: read models, their tables and their queries. [`READ_MODELS`] is the table of which events feed which.
//!
//! Tables are named without a schema in all SQL, so that a rebuild can run the same code against a schema of its own.

pub mod accounts;
pub mod api_key_uses;
pub mod api_keys;
pub mod audit;
pub mod authentication_methods;
pub mod clients;
pub mod current_user;
pub mod customers;
pub mod domains;
pub mod evidence;
pub mod functions;
pub mod groups;
pub mod guard;
pub mod health;
pub mod infos;
pub mod lookup;
pub mod master_key_fingerprint;
pub mod memberships;
mod numbers;
pub mod permissions;
pub mod personal_keys;
pub mod pictures;
pub mod rights;
pub mod search;
pub mod sessions;
pub mod signing_keys;
pub mod standing;
pub mod subjects;
pub mod users;

pub use numbers::{Numbered, next_number};

use aggregates::values::{Sealed, Timestamp};
use cqrs_es::DomainEvent;
use serde_json::Value;
use sqlx::{
    PgConnection,
    types::chrono::{DateTime, Utc},
};
use std::{collections::HashMap, future::Future, pin::Pin, str::FromStr};
use thiserror::Error;

/// Every read model. A later one may join the tables of an earlier one while it applies, never the other way.
pub const READ_MODELS: &[ReadModel] = &[
    domains::MODEL,
    customers::MODEL,
    functions::MODEL,
    groups::MODEL,
    users::MODEL,
    permissions::MODEL,
    clients::MODEL,
    signing_keys::MODEL,
    sessions::MODEL,
    audit::MODEL,
    evidence::MODEL,
];

/// Read models, of one table each, that keep rows whose events have left the log: with the condition that such a row fulfils, by
/// which a replay takes it over from the table that is `live`. Any other read model cannot be made without its events.
pub const OUTLIVING: &[(&str, &str)] = &[
    (
        "sessions",
        "NOT EXISTS (SELECT FROM public.events e WHERE e.aggregate_type = 'session' AND e.aggregate_id = live.id::text)",
    ),
    (
        "audit",
        "EXISTS (SELECT FROM public.dropped_ranges r WHERE live.position BETWEEN r.first_position AND r.last_position)
         AND NOT EXISTS (SELECT FROM public.events e WHERE e.position = live.position)",
    ),
];

/// Those that may be made anew from the log.
pub fn replayed() -> impl Iterator<Item = &'static ReadModel> {
    READ_MODELS.iter().filter(|model| model.kept.is_none())
}

/// One event as it stands in the log, already upcast to its newest version.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Place in the global order.
    pub position: i64,
    /// For example `client`.
    pub aggregate_type: String,
    /// UUID in lower case.
    pub aggregate_id: String,
    /// Place in its stream, from 1.
    pub sequence: i64,
    /// For example `client.renamed`.
    pub event_type: String,
    /// For example `1`.
    pub event_version: String,
    /// The event.
    pub payload: Value,
    /// `actor`, `at`, `request_id`, `command_id`; when known `caller_ip` (sealed), `causation`, `reason`.
    pub metadata: HashMap<String, String>,
    /// When Postgres recorded it: information, never order.
    pub recorded_at: DateTime<Utc>,
}

impl Recorded {
    /// The event as its type.
    ///
    /// # Errors
    /// [`ProjectionError::Event`] when the payload is not an `E`, or not of the recorded type and version.
    pub fn decode<E: DomainEvent>(&self) -> Result<E, ProjectionError> {
        let event = E::deserialize(&self.payload).map_err(|error| self.failure(&error.to_string()))?;
        if event.event_type() == self.event_type && event.event_version() == self.event_version {
            Ok(event)
        } else {
            Err(self.failure("its payload is of another type or version"))
        }
    }

    /// The stream's id as its type.
    ///
    /// # Errors
    /// [`ProjectionError::Event`] when it is not such an id.
    pub fn id<I: FromStr>(&self) -> Result<I, ProjectionError> {
        self.aggregate_id.parse().map_err(|_| self.failure("its stream has no such id"))
    }

    /// When it happened by the injected clock (metadata `at`, milliseconds); the epoch when the writer did not say.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        Timestamp::from_millis(self.metadata.get("at").and_then(|at| at.parse().ok()).unwrap_or(0))
    }

    /// Who acted: `user:<uuid>`, `system:cli`, `anonymous`.
    #[must_use]
    pub fn actor(&self) -> &str {
        self.metadata.get("actor").map_or("anonymous", String::as_str)
    }

    fn failure(&self, problem: &str) -> ProjectionError {
        let Self { event_type, event_version, .. } = self;
        ProjectionError::Event {
            position: self.position,
            reason: format!("{event_type} version {event_version}: {problem}"),
        }
    }
}

/// Why events could not be applied.
#[derive(Debug, Error)]
pub enum ProjectionError {
    /// Postgres refused or is away.
    #[error(transparent)]
    Storage(#[from] sqlx::Error),
    /// An event cannot be understood.
    #[error("event at position {position}: {reason}")]
    Event {
        /// Which.
        position: i64,
        /// What is wrong with it.
        reason: String,
    },
}

/// Opens sealed personal data for a read model. Implemented by the server's keys.
pub trait Unseal: Send + Sync {
    /// The clear text, or `None` when the subject's key is gone (erased) or not the right one.
    fn open(&self, wrapped_key: &[u8], sealed: &Sealed) -> Option<String>;
}

/// When a read model learns of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In the transaction that records it: decisions may rely on it.
    Inline,
    /// Later, by a follower with a cursor.
    Followed,
}

/// Applies events, in order, to a read model's tables. Idempotent: rows carry `sequence` and only a higher one overwrites.
pub type Apply = for<'a> fn(
    &'a mut PgConnection,
    &'a [Recorded],
    &'a dyn Unseal,
) -> Pin<Box<dyn Future<Output = Result<(), ProjectionError>> + Send + 'a>>;

/// One read model: its tables, what feeds it, and how.
#[derive(Debug, Clone, Copy)]
pub struct ReadModel {
    /// Name on the command line.
    pub name: &'static str,
    /// Raised whenever tables or rows change shape or meaning; the tables are then rebuilt.
    pub version: i32,
    /// The statements that make its tables: its migration.
    pub ddl: &'static str,
    /// The tables it owns.
    pub tables: &'static [&'static str],
    /// The aggregate types whose events it needs.
    pub feeds: &'static [&'static str],
    /// Inline or followed.
    pub mode: Mode,
    /// Why it is never made anew from the log; none: it may be.
    pub kept: Option<&'static str>,
    /// How events become rows.
    pub apply: Apply,
}
