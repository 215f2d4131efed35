//! The months of the log. Grants and sessions are partitioned by the time in their ids (UUIDv7, RFC 9562 §5.7), so that a
//! month can leave as a whole. Months are made ahead; there is no default partition.

use super::DatabaseError;
use aggregates::{TRAFFIC, values::Timestamp};
use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};
use sqlx::{Connection, Executor, PgConnection};

/// More leaves than this make every plan slower: time to drop or detach old months.
pub const MOST_LEAVES: i64 = 16;

/// Key of the advisory lock under which partitions are made.
const MAKING_PARTITIONS: i64 = 7_206_002;

const LEAVES: &str = "
SELECT count(*) FROM pg_partition_tree('public.events') WHERE isleaf";

/// Makes the partitions of this month and the next where they are missing, as the owner of the log. Run at start and daily.
///
/// # Errors
/// When Postgres refuses; and [`DatabaseError::Unfit`] for a time that no UUIDv7 can hold.
pub async fn ensure_partitions(connection: &mut PgConnection, now: Timestamp) -> Result<(), DatabaseError> {
    let months = [month(now, 0), month(now, 1)].map(|month| month.ok_or_else(unrepresentable));
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MAKING_PARTITIONS).execute(&mut *transaction).await?;
    for month in months {
        let month = month?;
        for aggregate_type in TRAFFIC {
            ensure(&mut transaction, aggregate_type, month).await?;
        }
    }
    let leaves: i64 = sqlx::query_scalar(LEAVES).fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    if leaves > MOST_LEAVES {
        tracing::error!(leaves, most = MOST_LEAVES, "the log has too many partitions: drop or detach old months");
    }
    Ok(())
}

async fn ensure(connection: &mut PgConnection, aggregate_type: &str, month: NaiveDate) -> Result<(), DatabaseError> {
    let leaf = format!("events_{aggregate_type}_{}", month.format("%Y_%m"));
    let known: bool = sqlx::query_scalar("SELECT to_regclass('public.' || quote_ident($1)) IS NOT NULL")
        .bind(&leaf)
        .fetch_one(&mut *connection)
        .await?;
    if known {
        return Ok(());
    }
    let next = month.checked_add_months(Months::new(1)).ok_or_else(unrepresentable)?;
    let (from, to) = (first_id(month), first_id(next));
    // Written and read through the parent only, so the application has no rights on the leaf itself.
    let statements = format!(
        "CREATE TABLE public.{leaf} PARTITION OF public.events_{aggregate_type} FOR VALUES FROM ('{from}') TO ('{to}');
         REVOKE ALL ON public.{leaf} FROM argus_app;
         CREATE TRIGGER events_are_kept BEFORE TRUNCATE ON public.{leaf}
             FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change_of_events();"
    );
    connection.execute(statements.as_str()).await?;
    tracing::info!(leaf, "partition made");
    Ok(())
}

/// The first day of the month that is `ahead` months after the one of `now` (UTC).
fn month(now: Timestamp, ahead: u32) -> Option<NaiveDate> {
    let now = DateTime::from_timestamp_millis(now.millis())?;
    now.date_naive().with_day(1)?.checked_add_months(Months::new(ahead))
}

/// The text that begins all ids of that day's first millisecond: it sorts before each of them.
fn first_id(day: NaiveDate) -> String {
    let start: DateTime<Utc> = day.and_time(NaiveTime::MIN).and_utc();
    let hex = format!("{:012x}", start.timestamp_millis());
    let (high, low) = hex.split_at(8);
    format!("{high}-{low}")
}

fn unrepresentable() -> DatabaseError {
    DatabaseError::Unfit("the clock is out of range".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Builder;

    #[test]
    fn a_months_first_id_sorts_between_the_months() {
        // 2026-12-01T00:00:00Z
        let start: u64 = 1_796_083_200_000;
        let day = month(Timestamp::from_millis(1_796_083_200_000), 0);
        let bound = day.map(first_id).unwrap_or_default();
        let before = Builder::from_unix_timestamp_millis(start - 1, &[0xff; 10]).into_uuid().to_string();
        let after = Builder::from_unix_timestamp_millis(start, &[0; 10]).into_uuid().to_string();
        assert!(before < bound && bound < after, "{before} {bound} {after}");
    }

    #[test]
    fn the_next_month_of_december_is_january() {
        let december = Timestamp::from_millis(1_796_083_200_000);
        assert_eq!(month(december, 1), NaiveDate::from_ymd_opt(2027, 1, 1));
    }
}
