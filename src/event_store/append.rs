//! What is appended, and the one statement that does it.

use super::{StorageError, context::COMMAND_ID, error::Fault, sql};
use cqrs_es::DomainEvent;
use projections::guard::Guard;
use serde_json::{Value, json};
use sqlx::{
    FromRow, PgConnection,
    types::chrono::{DateTime, Utc},
};
use std::collections::HashMap;

/// The events of one command for one stream.
#[derive(Debug)]
pub(super) struct Append {
    pub(super) aggregate_type: &'static str,
    pub(super) id: String,
    /// The stream's last sequence when the command was decided.
    pub(super) expected: i64,
    pub(super) events: Vec<Encoded>,
    /// JSON; holds the command id.
    metadata: String,
    command_id: String,
    /// The inline table's row after the last event.
    pub(super) row: Option<Value>,
    /// What must hold, with the stream that it is for.
    guard: Option<Value>,
}

/// One event as text.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) event_type: String,
    pub(super) event_version: String,
    /// JSON.
    pub(super) payload: String,
}

/// What went in.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Receipt {
    pub(super) aggregate_type: String,
    pub(super) aggregate_id: String,
    pub(super) sequence: i64,
    pub(super) position: i64,
    pub(super) recorded_at: DateTime<Utc>,
}

impl Append {
    pub(super) fn new<E: DomainEvent>(
        (aggregate_type, id): (&'static str, String),
        expected: i64,
        events: &[E],
        metadata: &HashMap<String, String>,
        row: Option<Value>,
    ) -> Result<Self, StorageError> {
        let invalid = |error: serde_json::Error| StorageError::Invalid(error.to_string());
        let command_id = metadata.get(COMMAND_ID).cloned().unwrap_or_default();
        let metadata = serde_json::to_string(metadata).map_err(invalid)?;
        let events = events.iter().map(encode).collect::<Result<_, _>>().map_err(invalid)?;
        Ok(Self { aggregate_type, id, expected, events, metadata, command_id, row, guard: None })
    }

    /// The same, to be left out when the guard does not hold.
    pub(super) fn guarded(mut self, guard: Option<&Guard>) -> Result<Self, StorageError> {
        let Some(guard) = guard else { return Ok(self) };
        let stream = json!({ "aggregate_type": self.aggregate_type, "aggregate_id": self.id });
        let mut guard = serde_json::to_value(guard).map_err(|error| StorageError::Invalid(error.to_string()))?;
        if let (Some(guard), Value::Object(stream)) = (guard.as_object_mut(), stream) {
            guard.extend(stream);
        }
        self.guard = Some(guard);
        Ok(self)
    }

    /// The stream.
    pub(super) fn key(&self) -> (&str, &str) {
        (self.aggregate_type, &self.id)
    }
}

fn encode<E: DomainEvent>(event: &E) -> Result<Encoded, serde_json::Error> {
    let payload = serde_json::to_string(event)?;
    Ok(Encoded { event_type: event.event_type(), event_version: event.event_version(), payload })
}

/// Sends appends to different streams as one statement and one commit. Streams that were not as expected are left out;
/// those whose guard does not hold as well, and these have a receipt at position 0.
pub(super) async fn append(
    connection: &mut PgConnection,
    appends: &[&Append],
    columns: &mut Vec<String>,
) -> Result<Vec<Receipt>, Fault> {
    let mut appends = appends.to_vec();
    appends.sort_unstable_by_key(|append| append.key());
    let rows: Vec<_> = appends.iter().filter_map(|append| append.row.as_ref()).collect();
    let guards: Vec<_> = appends.iter().filter_map(|append| append.guard.as_ref()).collect();
    if !rows.is_empty() && columns.is_empty() {
        *columns = sqlx::query_scalar(sql::COLUMNS).bind(sql::INLINE_TABLE).fetch_all(&mut *connection).await?;
    }
    let statement = sql::append(!guards.is_empty(), (!rows.is_empty()).then_some(columns.as_slice()));
    let each =
        || appends.iter().flat_map(|append| (append.expected + 1..).zip(&append.events).map(move |e| (append, e)));
    let query = sqlx::query_as(&statement)
        .bind(each().map(|(append, _)| append.aggregate_type).collect::<Vec<_>>())
        .bind(each().map(|(append, _)| append.id.as_str()).collect::<Vec<_>>())
        .bind(each().map(|(append, _)| append.expected).collect::<Vec<_>>())
        .bind(each().map(|(_, (sequence, _))| sequence).collect::<Vec<_>>())
        .bind(each().map(|(_, (_, event))| event.event_type.as_str()).collect::<Vec<_>>())
        .bind(each().map(|(_, (_, event))| event.event_version.as_str()).collect::<Vec<_>>())
        .bind(each().map(|(_, (_, event))| event.payload.as_str()).collect::<Vec<_>>())
        .bind(each().map(|(append, _)| append.metadata.as_str()).collect::<Vec<_>>());
    let query = if guards.is_empty() { query } else { query.bind(sqlx::types::Json(guards)) };
    let query = if rows.is_empty() { query } else { query.bind(sqlx::types::Json(rows)) };
    Ok(query.fetch_all(connection).await?)
}

/// Those of the appends that the log holds already, by their command id.
pub(super) async fn own(connection: &mut PgConnection, appends: &[&Append]) -> Result<Vec<Receipt>, Fault> {
    let each =
        || appends.iter().flat_map(|append| (append.expected + 1..).zip(&append.events).map(move |e| (append, e.0)));
    let query = sqlx::query_as(sql::OWN)
        .bind(each().map(|(append, _)| append.aggregate_type).collect::<Vec<_>>())
        .bind(each().map(|(append, _)| append.id.as_str()).collect::<Vec<_>>())
        .bind(each().map(|(_, sequence)| sequence).collect::<Vec<_>>())
        .bind(each().map(|(append, _)| append.command_id.as_str()).collect::<Vec<_>>());
    Ok(query.fetch_all(connection).await?)
}
