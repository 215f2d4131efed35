//! Events as read models get them: from the log, or from what was just appended.

use super::{
    append::{Append, Receipt},
    error::{Fault, StorageError},
    upcasters::{UPCASTERS, upcast},
};
use cqrs_es::persist::SerializedEvent;
use projections::{ProjectionError, Recorded};
use serde_json::Value;
use sqlx::{PgConnection, Row, postgres::PgRow, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

const READ: &str = "
SELECT position, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at
FROM public.events
WHERE position > $1 AND position <= $2 AND aggregate_type = ANY ($3)
ORDER BY position LIMIT $4";

/// One whole stream: `$1` type, `$2` id.
const STREAM: &str = "
SELECT position, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at
FROM public.events
WHERE aggregate_type = $1 AND aggregate_id = $2
ORDER BY sequence";

/// Up to `most` events of these types after position `after`, up to and including `until`, in order, upcast.
pub(super) async fn read(
    connection: &mut PgConnection,
    (after, until): (i64, i64),
    types: &[&str],
    most: i64,
) -> Result<Vec<Recorded>, sqlx::Error> {
    let rows = sqlx::query(READ).bind(after).bind(until).bind(types).bind(most).fetch_all(connection).await?;
    rows.iter().map(row).collect()
}

/// All events of a stream, in order, upcast.
///
/// # Errors
/// The database's.
pub async fn read_stream(
    connection: &mut PgConnection,
    aggregate_type: &str,
    id: Uuid,
) -> Result<Vec<Recorded>, sqlx::Error> {
    let rows = sqlx::query(STREAM).bind(aggregate_type).bind(id.to_string()).fetch_all(connection).await?;
    rows.iter().map(row).collect()
}

fn row(row: &PgRow) -> Result<Recorded, sqlx::Error> {
    let Json(metadata) = row.try_get("metadata")?;
    Ok(newest(Recorded {
        position: row.try_get("position")?,
        aggregate_type: row.try_get("aggregate_type")?,
        aggregate_id: row.try_get("aggregate_id")?,
        sequence: row.try_get("sequence")?,
        event_type: row.try_get("event_type")?,
        event_version: row.try_get("event_version")?,
        payload: row.try_get("payload")?,
        metadata,
        recorded_at: row.try_get("recorded_at")?,
    }))
}

/// What was just appended; empty when the stream had moved on.
pub(super) fn recorded(
    given: &Append,
    receipts: &[Receipt],
    metadata: &HashMap<String, String>,
) -> Result<Vec<Recorded>, Fault> {
    let mut receipts = receipts.to_vec();
    receipts.sort_unstable_by_key(|receipt| receipt.sequence);
    let pairs = receipts.into_iter().zip(&given.events);
    pairs
        .map(|(receipt, event)| {
            let payload = serde_json::from_str(&event.payload)
                .map_err(|error| Fault::Refused(StorageError::Invalid(error.to_string())))?;
            Ok(Recorded {
                position: receipt.position,
                aggregate_type: receipt.aggregate_type,
                aggregate_id: receipt.aggregate_id,
                sequence: receipt.sequence,
                event_type: event.event_type.clone(),
                event_version: event.event_version.clone(),
                payload,
                metadata: metadata.clone(),
                recorded_at: receipt.recorded_at,
            })
        })
        .collect()
}

fn newest(event: Recorded) -> Recorded {
    let Recorded { aggregate_id, aggregate_type, event_type, event_version, payload, .. } = event;
    let sequence = usize::try_from(event.sequence).unwrap_or(0);
    let stored =
        SerializedEvent::new(aggregate_id, sequence, aggregate_type, event_type, event_version, payload, Value::Null);
    let SerializedEvent { aggregate_id, aggregate_type, event_type, event_version, payload, .. } =
        upcast(stored, UPCASTERS);
    Recorded { aggregate_id, aggregate_type, event_type, event_version, payload, ..event }
}

/// A read model's failure as the writer's.
pub(super) fn fault(error: ProjectionError) -> Fault {
    match error {
        ProjectionError::Storage(error) => error.into(),
        event @ ProjectionError::Event { .. } => Fault::Refused(StorageError::Unreadable(event.to_string())),
    }
}
