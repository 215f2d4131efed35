//! The cursors of sinks: made when a sink is first followed, read and changed by operators.

use super::{Followers, Sink, target::Outlet};
use crate::event_store::{EventStore, StorageError, line::Line};
use projections::{Mode, READ_MODELS};
use sqlx::{
    FromRow, PgConnection,
    types::chrono::{DateTime, Utc},
};

/// A sink has no tables that could be of another version.
pub(super) const VERSION: i32 = 1;
const PREFIX: &str = "sink:";

const REGISTER: &str = "INSERT INTO cursors (name, version) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

const NAMES: &str = "SELECT substr(name, length($1) + 1) FROM cursors WHERE starts_with(name, $1) ORDER BY name";

const STANDING: &str = "
SELECT position, status, error, reached_at,
       (SELECT count(*) FROM public.events AS e
        WHERE e.position > cursors.position
          AND (cardinality($2) = 0 OR e.event_type = ANY ($2) OR split_part(e.event_type, '.', 1) || '.*' = ANY ($2))
       ) AS behind
FROM cursors WHERE name = $1";

const RETRY: &str = "UPDATE cursors SET status = 'live', error = NULL, updated_at = now() WHERE name = $1";
const FORGET: &str = "DELETE FROM cursors WHERE name = $1";

const PROGRESS: &str = "
SELECT name, position, status <> 'live' AS stands_still FROM cursors
WHERE starts_with(name, $1) OR name = ANY ($2) ORDER BY name";

/// How a sink is doing.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SinkStanding {
    /// Everything up to here was delivered.
    pub position: i64,
    /// How many events that it wants are still to be delivered.
    pub behind: i64,
    /// `live`; `failing`: it tries again; `stopped`: it waits for an operator.
    pub status: String,
    /// Why it stands still, when it does.
    pub error: Option<String>,
    /// When an event was last delivered.
    pub reached_at: Option<DateTime<Utc>>,
}

/// How far a follower is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Progress {
    /// The name of its cursor: a read model's, or `sink:NAME`.
    pub name: String,
    /// Everything up to here has got there.
    pub position: i64,
    /// Whether something keeps it from going on.
    pub stands_still: bool,
}

pub(super) fn cursor_of(sink: &str) -> String {
    format!("{PREFIX}{sink}")
}

impl EventStore {
    /// Starts a follower for each of these sinks. One that is new begins with the first event there is.
    ///
    /// # Errors
    /// When the cursors cannot be made.
    pub async fn follow_to<S: Sink>(&self, sinks: Vec<S>) -> Result<Followers, StorageError> {
        let mut followers = Followers::default();
        let mut line = Line::new(&self.inner.options, "sinks");
        for sink in &sinks {
            let name = cursor_of(sink.name());
            line.run(async |c| Ok(sqlx::query(REGISTER).bind(&name).bind(VERSION).execute(c).await?)).await?;
        }
        line.close().await;
        for sink in sinks {
            // A delivery may take a while, and nobody else waits for this row.
            let options = self.inner.options.clone().options([("idle_in_transaction_session_timeout", "60s")]);
            followers.start(Outlet::of(sink), &options, self.watcher().subscribe());
        }
        Ok(followers)
    }
}

/// The sinks that have a cursor, configured or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn sink_names(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(NAMES).bind(PREFIX).fetch_all(connection).await
}

/// How this sink is doing, which wants `events` (all when there are none); nothing when it has never been followed.
///
/// # Errors
/// When the database cannot be read.
pub async fn sink_standing(
    connection: &mut PgConnection,
    sink: &str,
    events: &[String],
) -> Result<Option<SinkStanding>, sqlx::Error> {
    sqlx::query_as(STANDING).bind(cursor_of(sink)).bind(events).fetch_optional(connection).await
}

/// Lets a sink that stands still go on. False when there is none of that name.
///
/// # Errors
/// When the database cannot be written.
pub async fn retry_sink(connection: &mut PgConnection, sink: &str) -> Result<bool, sqlx::Error> {
    change(connection, RETRY, sink).await
}

/// Removes a sink's cursor. False when there is none of that name.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_sink(connection: &mut PgConnection, sink: &str) -> Result<bool, sqlx::Error> {
    change(connection, FORGET, sink).await
}

async fn change(connection: &mut PgConnection, statement: &str, sink: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(statement).bind(cursor_of(sink)).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// How far every follower is, of read models and sinks.
///
/// # Errors
/// When the database cannot be read.
pub async fn progress(connection: &mut PgConnection) -> Result<Vec<Progress>, sqlx::Error> {
    let followed: Vec<_> =
        READ_MODELS.iter().filter(|model| model.mode == Mode::Followed).map(|model| model.name).collect();
    sqlx::query_as(PROGRESS).bind(PREFIX).bind(followed).fetch_all(connection).await
}
