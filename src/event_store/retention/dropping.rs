//! Letting months go, one transaction each.

use super::{
    Terms,
    month::{Month, months},
};
use crate::event_store::{StorageError, error::Fault, replay::in_progress};
use projections::{evidence::DroppedRange, sessions};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::time::Duration;
use tokio::time::sleep;

/// How often a month is tried while readers, writers or a vacuum hold on to the log: for about a minute.
const TRIES: u32 = 120;
const PAUSE: Duration = Duration::from_millis(250);

const RECORD: &str = "
INSERT INTO public.dropped_ranges (partition, aggregate_type, first_position, last_position, events, note, tree_size, root)
SELECT $1, $2, $3, $4, $5, $6, tree_size, root FROM public.checkpoints
WHERE last_position >= $4 ORDER BY tree_size LIMIT 1";

/// Makes the signed note of what is dropped.
pub type Sign<'a> = &'a (dyn Fn(&DroppedRange) -> String + Sync);

/// Drops every month that may go, as the tables' owner, oldest first. Answers with them.
///
/// # Errors
/// [`StorageError::Invalid`] while a replay is running; `Unavailable` when others hold on to the log for too long. What was
/// dropped until then is dropped and written down.
pub async fn run(owner: &PgConnectOptions, terms: Terms, sign: Sign<'_>) -> Result<Vec<Month>, StorageError> {
    let mut connection = owner.connect().await?;
    connection.execute("SET statement_timeout = 0; SET lock_timeout = '2s'").await.map_err(Fault::from)?;
    if let Some(schema) = in_progress(&mut connection).await? {
        let problem = format!("{schema} is a replay that is not finished: finish or drop it first");
        return Err(StorageError::Invalid(problem));
    }
    let mut dropped = Vec::new();
    for month in months(&mut connection, terms).await? {
        if month.reasons.is_empty() {
            forget(&mut connection, &month, terms).await?;
            patiently(&mut connection, &month, sign).await?;
            dropped.push(month);
        }
    }
    Ok(dropped)
}

/// Sessions that are over leave their read model with their events; entries of the audit trail stay.
async fn forget(connection: &mut PgConnection, month: &Month, terms: Terms) -> Result<(), Fault> {
    if month.aggregate_type() == "session" && month.events > 0 {
        let ids = format!("SELECT aggregate_id::uuid FROM public.{}", month.partition);
        sessions::forget(connection, &ids, terms.now).await?;
    }
    Ok(())
}

async fn patiently(connection: &mut PgConnection, month: &Month, sign: Sign<'_>) -> Result<(), Fault> {
    for _ in 1..TRIES {
        match drop_month(connection, month, sign).await {
            Err(Fault::Unavailable(_) | Fault::Contended) => sleep(PAUSE).await,
            other => return other,
        }
    }
    drop_month(connection, month, sign).await
}

/// Nobody waits longer than a fifth of a second for this to get its locks.
async fn drop_month(connection: &mut PgConnection, month: &Month, sign: Sign<'_>) -> Result<(), Fault> {
    let Month { partition, positions, .. } = month;
    let parent = format!("public.events_{}", month.aggregate_type());
    let mut transaction = connection.begin().await?;
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
    record(&mut transaction, month, sign).await?;
    let leave = format!("ALTER TABLE {parent} DETACH PARTITION public.{partition}; DROP TABLE public.{partition}");
    transaction.execute(leave.as_str()).await?;
    Ok(transaction.commit().await?)
}

/// Writes down what is about to go.
async fn record(connection: &mut PgConnection, month: &Month, sign: Sign<'_>) -> Result<(), Fault> {
    let Some((first_position, last_position)) = month.positions else { return Ok(()) };
    let (partition, events) = (month.partition.clone(), month.events);
    let range = DroppedRange { partition, first_position, last_position, events };
    let recorded = sqlx::query(RECORD)
        .bind(&range.partition)
        .bind(month.aggregate_type())
        .bind(first_position)
        .bind(last_position)
        .bind(events)
        .bind(sign(&range))
        .execute(connection)
        .await?;
    match recorded.rows_affected() {
        1 => Ok(()),
        _ => Err(StorageError::Invalid(format!("no checkpoint covers {}", range.partition)).into()),
    }
}
