//! The log as it stands, for whoever compares it with its evidence.

use super::canonical::{COLUMNS, LoggedEvent};
use sqlx::PgConnection;

/// Where a reader of the log has come to: several events at one position are not possible, unless somebody put them there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlace {
    position: i64,
    aggregate_type: String,
    aggregate_id: String,
    sequence: i64,
}

impl LogPlace {
    /// Right behind an event.
    #[must_use]
    pub fn of(event: &LoggedEvent) -> Self {
        let (aggregate_type, aggregate_id, sequence) = event.stream();
        Self { position: event.position(), aggregate_type, aggregate_id, sequence }
    }

    /// Before everything.
    #[must_use]
    pub const fn start() -> Self {
        Self { position: i64::MIN, aggregate_type: String::new(), aggregate_id: String::new(), sequence: i64::MIN }
    }
}

/// At most `limit` events after this place, in order.
///
/// # Errors
/// The database's.
pub async fn list_events(c: &mut PgConnection, after: &LogPlace, limit: i64) -> Result<Vec<LoggedEvent>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM public.events
         WHERE position >= $1 AND (position, aggregate_type, aggregate_id, sequence) > ($1, $2, $3, $4)
         ORDER BY position, aggregate_type, aggregate_id, sequence LIMIT $5"
    );
    sqlx::query_as(&sql)
        .bind(after.position)
        .bind(&after.aggregate_type)
        .bind(&after.aggregate_id)
        .bind(after.sequence)
        .bind(limit)
        .fetch_all(c)
        .await
}

/// The signed notes of everything that retention took out of the log.
///
/// # Errors
/// The database's.
pub async fn list_dropped(c: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT note FROM dropped_ranges ORDER BY first_position, partition").fetch_all(c).await
}
