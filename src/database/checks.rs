//! What a server must be like before anything is recorded on it. design.md §3, "Start-up refuses".

use sqlx::{FromRow, PgConnection};
use thiserror::Error;

/// Why a server is refused. The text says what to change.
#[derive(Debug, Error)]
pub enum Unfit {
    /// It could not be asked.
    #[error(transparent)]
    Unreachable(#[from] sqlx::Error),
    /// Its log could lose, repeat or reorder events.
    #[error("{0}")]
    Server(String),
}

const SERVER: &str = "
SELECT current_setting('server_version_num')::int AS version,
       pg_is_in_recovery() AS standby,
       current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('max_prepared_transactions') AS prepared,
       to_regclass('public.events') IS NOT NULL AS migrated";

const LOG: &str = "
SELECT s.seqcache AS cache, s.seqcycle AS cycles, s.seqincrement AS increment,
       pg_sequence_last_value(s.seqrelid) AS last_taken,
       coalesce((SELECT max(position) FROM public.events), 0) AS last_position,
       coalesce((SELECT max(position) FROM public.cursors), 0) AS last_cursor,
       coalesce((SELECT max(last_position) FROM public.dropped_ranges), 0) AS last_dropped
FROM pg_sequence AS s
WHERE s.seqrelid = pg_get_serial_sequence('public.events', 'position')::regclass";

#[derive(FromRow)]
struct Server {
    version: i32,
    standby: bool,
    fsync: String,
    synchronous_commit: String,
    prepared: String,
    migrated: bool,
}

#[derive(FromRow)]
struct Log {
    cache: i64,
    cycles: bool,
    increment: i64,
    last_taken: Option<i64>,
    last_position: i64,
    last_cursor: i64,
    last_dropped: i64,
}

/// Refuses a server whose log could not be trusted. Run as the owner; a database without
/// a log yet passes when its server does.
///
/// # Errors
/// [`Unfit`], with what is wrong.
pub async fn check_server(connection: &mut PgConnection) -> Result<(), Unfit> {
    let server: Server = sqlx::query_as(SERVER).fetch_one(&mut *connection).await?;
    let migrated = server.migrated;
    refuse(faults_of_server(&server))?;
    if migrated {
        let log: Log = sqlx::query_as(LOG).fetch_one(connection).await?;
        refuse(faults_of_log(&log))?;
    }
    Ok(())
}

fn refuse(faults: impl Iterator<Item = String>) -> Result<(), Unfit> {
    let faults: Vec<_> = faults.collect();
    if faults.is_empty() { Ok(()) } else { Err(Unfit::Server(faults.join("; "))) }
}

fn faults_of_server(server: &Server) -> impl Iterator<Item = String> {
    [
        (server.version < 140_000).then(|| "PostgreSQL 14 or newer is needed".to_owned()),
        server.standby.then(|| "the server is a standby: connect to the primary".to_owned()),
        (server.fsync != "on").then(|| "fsync is off: recorded events could be lost".to_owned()),
        (server.synchronous_commit == "off")
            .then(|| "synchronous_commit is off: recorded events could be lost".to_owned()),
        (server.prepared != "0").then(|| "max_prepared_transactions is not 0: followers could skip events".to_owned()),
    ]
    .into_iter()
    .flatten()
}

fn faults_of_log(log: &Log) -> impl Iterator<Item = String> {
    let last_taken = log.last_taken.unwrap_or(0);
    let highest = log.last_position.max(log.last_cursor).max(log.last_dropped);
    [
        (log.cache != 1 || log.increment != 1 || log.cycles)
            .then(|| "the sequence of events.position must have CACHE 1, INCREMENT 1 and NO CYCLE".to_owned()),
        (last_taken < highest).then(|| {
            format!(
                "the sequence of events.position is at {last_taken}, but {highest} is taken (a partial restore?): \
                 set it with setval() to at least {highest}"
            )
        }),
    ]
    .into_iter()
    .flatten()
}
