//! The leaves: one for each event, in log order.

use super::tree::Hash;
use sqlx::{FromRow, PgConnection};

/// One event's leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct LeafRow {
    /// From 0, in log order, without holes.
    pub number: i64,
    /// Of the event, in the log.
    pub position: i64,
    /// SHA-256 of 0x00 and the event's canonical bytes.
    pub hash: Hash,
}

/// How many there are.
///
/// # Errors
/// The database's.
pub async fn size(c: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT coalesce(max(number) + 1, 0) FROM evidence_leaves").fetch_one(c).await
}

/// At most `limit` of them, from the number `first`.
///
/// # Errors
/// The database's.
pub async fn list_leaves(c: &mut PgConnection, first: i64, limit: i64) -> Result<Vec<LeafRow>, sqlx::Error> {
    sqlx::query_as("SELECT number, position, hash FROM evidence_leaves WHERE number >= $1 ORDER BY number LIMIT $2")
        .bind(first)
        .bind(limit)
        .fetch_all(c)
        .await
}

/// The leaf of the event at this position.
///
/// # Errors
/// The database's.
pub async fn find_by_position(c: &mut PgConnection, position: i64) -> Result<Option<LeafRow>, sqlx::Error> {
    sqlx::query_as("SELECT number, position, hash FROM evidence_leaves WHERE position = $1")
        .bind(position)
        .fetch_optional(c)
        .await
}
