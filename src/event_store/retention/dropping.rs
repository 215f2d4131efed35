//! Letting months go, one transaction each.

use super::{
    Terms,
    month::{Month, months},
};
use crate::event_store::{
    StorageError,
    error::Fault,
    replay::{ALONE, in_progress},
};
use projections::{evidence::Hash, sessions};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::time::Duration;
use tokio::time::sleep;

/// How often a month is tried while readers, writers or a vacuum hold on to the log: for about a minute.
const TRIES: u32 = 120;
const PAUSE: Duration = Duration::from_millis(250);

/// The first checkpoint that covers a position.
const COVERING: &str = "
SELECT tree_size, root FROM public.checkpoints WHERE last_position >= $1 ORDER BY tree_size LIMIT 1";

const RECORD: &str = "
INSERT INTO public.dropped_ranges
    (partition, aggregate_type, first_position, last_position, events, tree_size, root, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// A month with events that is about to be dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// For example `events_grant_2026_10`.
    pub partition: String,
    /// Position of its first and of its last event.
    pub positions: (i64, i64),
    /// How many events.
    pub events: i64,
    /// The size of the first signed tree that all of them are in.
    pub tree_size: i64,
    /// And its root.
    pub root: Hash,
}

/// Signs that it is dropped.
pub type Sign<'a> = &'a (dyn Fn(&Leaving) -> String + Sync);

/// Drops every month that may go, as the tables' owner, oldest first. Answers with them.
///
/// # Errors
/// [`StorageError::Invalid`] while a replay is not finished or another run is at work; `Unavailable` when others hold on to the
/// log for too long. What was dropped until then is dropped and written down.
pub async fn run(owner: &PgConnectOptions, terms: Terms, sign: Sign<'_>) -> Result<Vec<Month>, StorageError> {
    let mut connection = owner.connect().await?;
    connection.execute("SET statement_timeout = 0; SET lock_timeout = '2s'").await.map_err(Fault::from)?;
    let first: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(7206005)").fetch_one(&mut connection).await?;
    if !first {
        return Err(StorageError::Invalid("another run is dropping months".to_owned()));
    }
    let dropped = drop_all(&mut connection, terms, sign).await;
    connection.close().await.ok();
    dropped
}

async fn drop_all(connection: &mut PgConnection, terms: Terms, sign: Sign<'_>) -> Result<Vec<Month>, StorageError> {
    unless_replayed(connection).await?;
    let mut dropped = Vec::new();
    for month in months(connection, terms).await? {
        if month.reasons.is_empty() {
            patiently(connection, &month, terms, sign).await?;
            dropped.push(month);
        }
    }
    Ok(dropped)
}

/// A replay that goes on later would miss what it has not read yet.
async fn unless_replayed(connection: &mut PgConnection) -> Result<(), StorageError> {
    match in_progress(connection).await? {
        None => Ok(()),
        Some(schema) => {
            Err(StorageError::Invalid(format!("{schema} is a replay that is not finished: finish or drop it first")))
        }
    }
}

/// Sessions that are over leave their read model with their events; entries of the audit trail stay.
async fn forget(connection: &mut PgConnection, month: &Month, terms: Terms) -> Result<(), Fault> {
    if month.aggregate_type() == "session" && month.events > 0 {
        let ids = format!("SELECT aggregate_id::uuid FROM public.{}", month.partition);
        sessions::forget(connection, &ids, terms.now).await?;
    }
    Ok(())
}

async fn patiently(connection: &mut PgConnection, month: &Month, terms: Terms, sign: Sign<'_>) -> Result<(), Fault> {
    for _ in 1..TRIES {
        match drop_month(connection, month, terms, sign).await {
            Err(Fault::Unavailable(_) | Fault::Contended) => sleep(PAUSE).await,
            other => return other,
        }
    }
    drop_month(connection, month, terms, sign).await
}

/// Nobody waits longer than a fifth of a second for this to get its locks. Either all of it happens or nothing.
async fn drop_month(connection: &mut PgConnection, month: &Month, terms: Terms, sign: Sign<'_>) -> Result<(), Fault> {
    let Month { partition, positions, .. } = month;
    let parent = format!("public.events_{}", month.aggregate_type());
    let mut transaction = connection.begin().await?;
    let alone: bool = sqlx::query_scalar(ALONE).fetch_one(&mut *transaction).await?;
    if !alone {
        return Err(Fault::Unavailable("a replay is reading the log".to_owned()));
    }
    unless_replayed(&mut transaction).await?;
    let locks = format!(
        "SET LOCAL lock_timeout = '200ms'; LOCK TABLE ONLY {parent}, ONLY public.{partition} IN ACCESS EXCLUSIVE MODE"
    );
    transaction.execute(locks.as_str()).await?;
    let last: Option<i64> = sqlx::query_scalar(&format!("SELECT max(position) FROM public.{partition}"))
        .fetch_one(&mut *transaction)
        .await?;
    if last != positions.map(|(_, last)| last) {
        return Err(StorageError::Invalid(format!("{partition} has grown meanwhile: plan again")).into());
    }
    forget(&mut transaction, month, terms).await?;
    if let Some(positions) = *positions {
        record(&mut transaction, month, positions, sign).await?;
    }
    let leave = format!("ALTER TABLE {parent} DETACH PARTITION public.{partition}; DROP TABLE public.{partition}");
    transaction.execute(leave.as_str()).await?;
    Ok(transaction.commit().await?)
}

async fn record(c: &mut PgConnection, month: &Month, positions: (i64, i64), sign: Sign<'_>) -> Result<(), Fault> {
    let Month { partition, events, .. } = month;
    let covering: Option<(i64, Hash)> = sqlx::query_as(COVERING).bind(positions.1).fetch_optional(&mut *c).await?;
    let (tree_size, root) =
        covering.ok_or_else(|| StorageError::Invalid(format!("no checkpoint covers {partition}")))?;
    let leaving = Leaving { partition: partition.clone(), positions, events: *events, tree_size, root };
    sqlx::query(RECORD)
        .bind(partition)
        .bind(month.aggregate_type())
        .bind(positions.0)
        .bind(positions.1)
        .bind(events)
        .bind(tree_size)
        .bind(root)
        .bind(sign(&leaving))
        .execute(c)
        .await?;
    Ok(())
}
