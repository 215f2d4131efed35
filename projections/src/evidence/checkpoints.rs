//! The checkpoints: signed heads of the tree.

use super::tree::Hash;
use aggregates::values::Timestamp;
use sqlx::{Connection, FromRow, PgConnection, Row, postgres::PgRow};

/// One signed head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointRow {
    /// How many leaves are under it.
    pub tree_size: i64,
    /// Of the last of them, in the log.
    pub last_position: i64,
    /// The root hash.
    pub root: Hash,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// All of it, signed.
    pub note: String,
}

impl FromRow<'_, PgRow> for CheckpointRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            tree_size: row.try_get("tree_size")?,
            last_position: row.try_get("last_position")?,
            root: row.try_get("root")?,
            signed_at: Timestamp::from_millis(row.try_get("signed_at")?),
            note: row.try_get("note")?,
        })
    }
}

/// The newest.
///
/// # Errors
/// The database's.
pub async fn find_latest(c: &mut PgConnection) -> Result<Option<CheckpointRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM checkpoints ORDER BY tree_size DESC LIMIT 1").fetch_optional(c).await
}

/// The one of this size.
///
/// # Errors
/// The database's.
pub async fn find_with_size(c: &mut PgConnection, tree_size: i64) -> Result<Option<CheckpointRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM checkpoints WHERE tree_size = $1").bind(tree_size).fetch_optional(c).await
}

/// At most `limit` of those that are larger than `after`, the smallest first.
///
/// # Errors
/// The database's.
pub async fn list_checkpoints(c: &mut PgConnection, after: i64, limit: i64) -> Result<Vec<CheckpointRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM checkpoints WHERE tree_size > $1 ORDER BY tree_size LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(c)
        .await
}

/// Adds one, unless the newest is no longer the one of the size `newest` (0: none) on which this was decided. Says whether it did.
///
/// # Errors
/// The database's.
pub async fn insert(c: &mut PgConnection, row: &CheckpointRow, newest: i64) -> Result<bool, sqlx::Error> {
    let mut transaction = c.begin().await?;
    // One server after the other; the next statement sees what the one before has added.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('checkpoints'))").execute(&mut *transaction).await?;
    let added = sqlx::query(
        "INSERT INTO checkpoints (tree_size, last_position, root, signed_at, note)
         SELECT $1, $2, $3, $4, $5 WHERE $6 = (SELECT coalesce(max(tree_size), 0) FROM checkpoints)",
    )
    .bind(row.tree_size)
    .bind(row.last_position)
    .bind(row.root)
    .bind(row.signed_at.millis())
    .bind(&row.note)
    .bind(newest)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(added.rows_affected() == 1)
}
