//! How far each follower has come: one row of `cursors` per read model or sink.

use crate::event_store::{StorageError, error::Fault};
use projections::{Mode, READ_MODELS, ReadModel};
use sqlx::{FromRow, PgConnection};

/// A read model's row. A model that is new to a log with a past starts at version 0, "to be rebuilt", unless a follower will
/// bring it up anyway.
const REGISTER: &str = "
INSERT INTO cursors (name, version)
SELECT $1, CASE WHEN $3 AND EXISTS (SELECT FROM public.events WHERE aggregate_type = ANY ($4)) THEN 0 ELSE $2 END
ON CONFLICT (name) DO NOTHING";

const LOCK: &str = "
SELECT version, position, status = 'stopped' AS stopped,
       EXISTS (SELECT FROM dropped_ranges WHERE last_position > position AND dropped_at >= began_at) AS dropped,
       position > coalesce((SELECT max(e.position) FROM public.events AS e), 0)
           AND position > coalesce((SELECT max(last_position) FROM dropped_ranges), 0) AS beyond
FROM cursors WHERE name = $1 FOR UPDATE SKIP LOCKED";

/// Compare and set: nobody moved it since it was read.
const MOVE: &str = "
UPDATE cursors
SET position = $3, status = 'live', error = NULL, updated_at = now(),
    reached_at = CASE WHEN $4 THEN now() ELSE reached_at END
WHERE name = $1 AND position = $2";

/// Only of where it failed: another instance may have got past that meanwhile.
const STAND: &str = "UPDATE cursors SET status = $3, error = $4, updated_at = now() WHERE name = $1 AND position = $2";

const RESET: &str = "
INSERT INTO cursors (name, version, position, rebuilds) VALUES ($1, $2, $3, 1)
ON CONFLICT (name) DO UPDATE
SET version = excluded.version, position = excluded.position, rebuilds = cursors.rebuilds + 1, status = 'live', error = NULL,
    updated_at = now()";

const STANDING: &str = "
SELECT version, position, status, error,
       (SELECT count(*) FROM public.events AS e WHERE e.position > cursors.position AND e.aggregate_type = ANY ($2)) AS behind
FROM cursors WHERE name = $1";

/// A follower's own row, locked.
#[derive(Debug, FromRow)]
pub(super) struct Cursor {
    pub(super) version: i32,
    pub(super) position: i64,
    /// It waits for an operator.
    pub(super) stopped: bool,
    /// Events above it are no longer in the log.
    pub(super) dropped: bool,
    /// It is ahead of the log: another database's cursor, or a log that lost its end.
    pub(super) beyond: bool,
}

/// Makes the rows of read models that have none. An inline one of an older version than the program cannot be decided on.
pub(crate) async fn register(connection: &mut PgConnection) -> Result<(), Fault> {
    let mut stale = Vec::new();
    for model in READ_MODELS {
        sqlx::query(REGISTER)
            .bind(model.name)
            .bind(model.version)
            .bind(model.mode == Mode::Inline)
            .bind(model.feeds)
            .execute(&mut *connection)
            .await?;
        let version: i32 = sqlx::query_scalar("SELECT version FROM cursors WHERE name = $1")
            .bind(model.name)
            .fetch_one(&mut *connection)
            .await?;
        if model.mode == Mode::Inline && version < model.version {
            stale.push(model.name);
        }
    }
    if stale.is_empty() { Ok(()) } else { Err(StorageError::Stale(stale.join(", ")).into()) }
}

/// The row, or nothing while another instance works on it.
pub(super) async fn lock(connection: &mut PgConnection, name: &str) -> Result<Option<Cursor>, Fault> {
    Ok(sqlx::query_as(LOCK).bind(name).fetch_optional(connection).await?)
}

/// Moves on, unless somebody else has; `reached` says whether events got there.
pub(super) async fn advance(
    connection: &mut PgConnection,
    name: &str,
    (from, to): (i64, i64),
    reached: bool,
) -> Result<bool, Fault> {
    let done = sqlx::query(MOVE).bind(name).bind(from).bind(to).bind(reached).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Says that it stands still `at` a position, `failing` or `stopped`, and why.
pub(super) async fn stand(
    connection: &mut PgConnection,
    name: &str,
    at: i64,
    (status, reason): (&str, &str),
) -> Result<(), Fault> {
    sqlx::query(STAND).bind(name).bind(at).bind(status).bind(reason).execute(connection).await?;
    Ok(())
}

/// After a rebuild: these tables, filled up to there.
pub(crate) async fn move_to(connection: &mut PgConnection, model: &ReadModel, position: i64) -> Result<(), Fault> {
    sqlx::query(RESET).bind(model.name).bind(model.version).bind(position).execute(connection).await?;
    Ok(())
}

/// How a read model is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name.
    pub name: &'static str,
    /// Inline or followed.
    pub mode: Mode,
    /// Version of its tables; 0 when it was never filled.
    pub version: i32,
    /// Whether the program needs a newer one.
    pub stale: bool,
    /// Followed: the position up to which it is filled.
    pub position: Option<i64>,
    /// Followed: how many events are still to be applied.
    pub behind: Option<i64>,
    /// Why it stands still, when it does.
    pub error: Option<String>,
}

/// How all read models are doing, in the order of [`READ_MODELS`].
///
/// # Errors
/// When the database cannot be read.
pub async fn standings(connection: &mut PgConnection) -> Result<Vec<Standing>, StorageError> {
    let mut all = Vec::with_capacity(READ_MODELS.len());
    for model in READ_MODELS {
        all.push(standing(connection, model).await?);
    }
    Ok(all)
}

async fn standing(connection: &mut PgConnection, model: &ReadModel) -> Result<Standing, StorageError> {
    let row: Option<(i32, i64, String, Option<String>, i64)> =
        sqlx::query_as(STANDING).bind(model.name).bind(model.feeds).fetch_optional(connection).await?;
    let (version, position, _, error, behind) = row.unwrap_or_default();
    let followed = |value| (model.mode == Mode::Followed).then_some(value);
    Ok(Standing {
        name: model.name,
        mode: model.mode,
        version,
        stale: version < model.version,
        position: followed(position),
        behind: followed(behind),
        error,
    })
}
