//! Rebuilding a read model from the log while it is in use.
//!
//! New tables are filled in a schema of their own, by the same code that fills the live ones. The last stretch and the swap
//! are one transaction that holds writers off for that moment.

use super::{
    StorageError,
    error::Fault,
    follow::{move_to, settle},
    lane::BEGIN,
    record::{fault, read},
};
use projections::{READ_MODELS, ReadModel, Unseal};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::time::Duration;
use tokio::time::sleep;

const BATCH: i64 = 1000;
/// How often the swap is tried while readers or writers hold on to the old tables.
const SWAPS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(200);

const AHEAD: &str = "
SELECT count(*) FROM public.events WHERE position > $1 AND position <= $2 AND aggregate_type = ANY ($3)";

/// Told after each batch: how many events are in, of how many.
pub type Progress<'a> = &'a mut (dyn FnMut(i64, i64) + Send);

/// Rebuilds the read model `name`, as the tables' owner (`options`). Works beside running servers.
///
/// # Errors
/// [`StorageError::Invalid`] for an unknown name, one that is kept, or when another rebuild of it is running; what Postgres or the read model
/// itself refuses. The live tables are then as they were.
pub async fn rebuild(
    options: &PgConnectOptions,
    name: &str,
    unseal: &dyn Unseal,
    progress: Progress<'_>,
) -> Result<(), StorageError> {
    let known = READ_MODELS.iter().find(|model| model.name == name);
    let model = known.ok_or_else(|| StorageError::Invalid(format!("there is no read model {name}")))?;
    rebuild_model(options, model, unseal, progress).await
}

/// The same for a read model at hand.
///
/// # Errors
/// As [`rebuild`].
pub async fn rebuild_model(
    options: &PgConnectOptions,
    model: &ReadModel,
    unseal: &dyn Unseal,
    progress: Progress<'_>,
) -> Result<(), StorageError> {
    if let Some(reason) = model.kept {
        return Err(StorageError::Invalid(format!("{} is never rebuilt: {reason}", model.name)));
    }
    let connection = options.connect().await?;
    let mut side = Side { connection, model, unseal, schema: format!("rebuild_{}", model.name), done: 0 };
    side.make().await?;
    let reached = side.fill(progress).await?;
    side.swap(reached, progress).await?;
    side.connection.close().await.ok();
    Ok(())
}

/// The tables that are being filled.
struct Side<'a> {
    connection: PgConnection,
    model: &'a ReadModel,
    unseal: &'a dyn Unseal,
    schema: String,
    done: i64,
}

impl Side<'_> {
    async fn make(&mut self) -> Result<(), Fault> {
        let alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtext($1))")
            .bind(&self.schema)
            .fetch_one(&mut self.connection)
            .await?;
        if !alone {
            return Err(StorageError::Invalid(format!("{} is being rebuilt already", self.model.name)).into());
        }
        let schema = &self.schema;
        let statements = format!(
            "SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0;
             DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path = {schema}, public;
             {ddl};
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO argus_app;",
            ddl = self.model.ddl
        );
        self.connection.execute(statements.as_str()).await?;
        Ok(())
    }

    /// Round after round up to what is settled, until one is so short that writers can wait for the rest; or no shorter than
    /// the one before, as then further rounds would not get closer.
    async fn fill(&mut self, progress: Progress<'_>) -> Result<i64, Fault> {
        let (mut reached, mut shortest) = (0, i64::MAX);
        loop {
            let before = self.done;
            reached = self.fill_from(reached, progress).await?;
            let round = self.done - before;
            if round < BATCH || round >= shortest {
                return Ok(reached);
            }
            shortest = round;
        }
    }

    async fn fill_from(&mut self, mut reached: i64, progress: Progress<'_>) -> Result<i64, Fault> {
        let until = settle(&mut self.connection).await?;
        let ahead: i64 = sqlx::query_scalar(AHEAD)
            .bind(reached)
            .bind(until)
            .bind(self.model.feeds)
            .fetch_one(&mut self.connection)
            .await?;
        let total = self.done + ahead;
        while reached < until {
            let mut transaction = self.connection.begin().await?;
            let (to, count) = apply(&mut transaction, self.model, self.unseal, (reached, until)).await?;
            transaction.commit().await?;
            reached = to;
            self.done += count;
            progress(self.done, total);
        }
        Ok(until)
    }

    async fn swap(&mut self, reached: i64, progress: Progress<'_>) -> Result<(), Fault> {
        for _ in 1..SWAPS {
            match self.try_swap(reached).await {
                // Somebody held a lock for too long, or we were in the way of somebody.
                Err(Fault::Unavailable(_) | Fault::Contended) => sleep(PAUSE).await,
                Err(other) => return Err(other),
                Ok(count) => {
                    progress(self.done + count, self.done + count);
                    return Ok(());
                }
            }
        }
        self.try_swap(reached).await.map(|_| ())
    }

    /// Locks in the order in which writers and followers take them: lane, log, cursor, tables.
    async fn try_swap(&mut self, reached: i64) -> Result<i64, Fault> {
        let mut transaction = self.connection.begin_with(BEGIN).await?;
        sqlx::query("LOCK TABLE public.events IN SHARE ROW EXCLUSIVE MODE").execute(&mut *transaction).await?;
        sqlx::query("SELECT FROM public.cursors WHERE name = $1 FOR UPDATE")
            .bind(self.model.name)
            .execute(&mut *transaction)
            .await?;
        // Nobody is writing: what is in sight now is all there is.
        let last: i64 = sqlx::query_scalar("SELECT coalesce(max(position), 0) FROM public.events")
            .fetch_one(&mut *transaction)
            .await?;
        let (mut at, mut count) = (reached, 0);
        while at < last {
            let (to, more) = apply(&mut transaction, self.model, self.unseal, (at, last)).await?;
            (at, count) = (to, count + more);
        }
        transaction.execute(exchange(self.model, &self.schema).as_str()).await?;
        move_to(&mut transaction, self.model, last).await?;
        transaction.commit().await?;
        Ok(count)
    }
}

/// One batch: the position that it has come to, and how many events it had.
async fn apply(
    connection: &mut PgConnection,
    model: &ReadModel,
    unseal: &dyn Unseal,
    (after, until): (i64, i64),
) -> Result<(i64, i64), Fault> {
    let events = read(connection, (after, until), model.feeds, BATCH).await?;
    let count = i64::try_from(events.len()).unwrap_or(BATCH);
    let to = events.last().filter(|_| count == BATCH).map_or(until, |event| event.position);
    if !events.is_empty() {
        (model.apply)(connection, &events, unseal).await.map_err(fault)?;
    }
    Ok((to, count))
}

/// The live tables go, the new ones take their places; indexes and grants come along. Tables are locked one after the other, so
/// this and a reader of several can block each other. Then it is this that gives way, well before Postgres looks for a victim
/// (`deadlock_timeout`, a second).
fn exchange(model: &ReadModel, schema: &str) -> String {
    let live: Vec<_> = model.tables.iter().map(|table| format!("public.{table}")).collect();
    let moved = model.tables.iter().map(|table| format!("ALTER TABLE {schema}.{table} SET SCHEMA public;"));
    let moved: String = moved.collect();
    format!(
        "SET LOCAL lock_timeout = '200ms'; DROP TABLE IF EXISTS {live}; {moved} DROP SCHEMA {schema} CASCADE;",
        live = live.join(", ")
    )
}
