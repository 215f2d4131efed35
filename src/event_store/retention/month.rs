//! What is known of each month, and why it may not go.

use super::Terms;
use crate::event_store::{StorageError, error::Fault};
use aggregates::values::Timestamp;
use chrono::{DateTime, Months, NaiveDate};
use projections::{Mode, READ_MODELS};
use sqlx::{ConnectOptions, FromRow, PgConnection, postgres::PgConnectOptions};
use std::fmt::{self, Display, Formatter};

const LEAVES: &str = "
SELECT relid::regclass::text FROM pg_partition_tree('public.events')
WHERE isleaf AND level = 2 ORDER BY relid::regclass::text";

/// Of one leaf. A grant or a session lasts until the last of the times that its events set.
const MEASURE: &str = "
SELECT (SELECT count(*) FROM public.LEAF) AS events, pg_total_relation_size('public.LEAF') AS bytes,
       (SELECT min(position) FROM public.LEAF) AS first, (SELECT max(position) FROM public.LEAF) AS last,
       (SELECT max(until.at) FROM public.LEAF AS e
        CROSS JOIN LATERAL jsonb_each(e.payload) AS said
        CROSS JOIN LATERAL (VALUES ((said.value ->> 'valid_until')::bigint), ((said.value ->> 'refresh_expires_at')::bigint),
            ((said.value ->> 'access_expires_at')::bigint), ((said.value ->> 'code_expires_at')::bigint)) AS until (at)
        WHERE jsonb_typeof(said.value) = 'object') AS alive_until";

const BEHIND: &str = "
SELECT name, position FROM public.cursors WHERE position < $1 AND name <> ALL ($2) ORDER BY position, name LIMIT 1";

const COVERED: &str = "SELECT coalesce(max(last_position), 0) FROM public.checkpoints";

/// One month of one type of stream: one partition of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// For example `events_grant_2026_10`.
    pub partition: String,
    /// How many events.
    pub events: i64,
    /// With indexes.
    pub bytes: i64,
    /// Position of its first and of its last event.
    pub positions: Option<(i64, i64)>,
    /// Why it may not go; nothing: it may.
    pub reasons: Vec<Reason>,
}

/// Why a month may not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is kept until then.
    Young(NaiveDate),
    /// A grant or a session in it lasts until then.
    Alive(Timestamp),
    /// This follower has only come to this position.
    Behind(String, i64),
    /// Checkpoints cover the log up to this position only.
    Uncovered(i64),
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Young(day) => write!(f, "kept until {day}"),
            Self::Alive(at) => {
                let at = DateTime::from_timestamp_millis(at.millis()).unwrap_or_default();
                write!(f, "a grant or session lasts until {}", at.format("%Y-%m-%dT%H:%M:%SZ"))
            }
            Self::Behind(name, position) => write!(f, "{name} has only come to position {position}"),
            Self::Uncovered(position) => write!(f, "checkpoints only cover up to position {position}"),
        }
    }
}

impl Month {
    /// The type of its streams.
    pub(super) fn aggregate_type(&self) -> &str {
        if self.partition.starts_with("events_grant_") { "grant" } else { "session" }
    }
}

#[derive(FromRow)]
struct Measured {
    events: i64,
    bytes: i64,
    first: Option<i64>,
    last: Option<i64>,
    alive_until: Option<i64>,
}

/// Every month of the log, as the tables' owner.
///
/// # Errors
/// When the database cannot be read.
pub async fn plan(owner: &PgConnectOptions, terms: Terms) -> Result<Vec<Month>, StorageError> {
    let mut connection = owner.connect().await?;
    Ok(months(&mut connection, terms).await?)
}

pub(super) async fn months(c: &mut PgConnection, terms: Terms) -> Result<Vec<Month>, Fault> {
    let leaves: Vec<String> = sqlx::query_scalar(LEAVES).fetch_all(&mut *c).await?;
    let mut months = Vec::with_capacity(leaves.len());
    for partition in leaves {
        months.push(month(c, partition, terms).await?);
    }
    Ok(months)
}

async fn month(c: &mut PgConnection, partition: String, terms: Terms) -> Result<Month, Fault> {
    let measured: Measured = sqlx::query_as(&MEASURE.replace("LEAF", &partition)).fetch_one(&mut *c).await?;
    let mut reasons: Vec<_> = young(&partition, terms).into_iter().collect();
    let alive = measured.alive_until.map(Timestamp::from_millis).filter(|until| *until > terms.now);
    reasons.extend(alive.map(Reason::Alive));
    if let Some(last) = measured.last {
        reasons.extend(behind(c, last).await?);
        let covered: i64 = sqlx::query_scalar(COVERED).fetch_one(c).await?;
        reasons.extend((covered < last).then_some(Reason::Uncovered(covered)));
    }
    let Measured { events, bytes, first, last, .. } = measured;
    Ok(Month { partition, events, bytes, positions: first.zip(last), reasons })
}

async fn behind(c: &mut PgConnection, last: i64) -> Result<Option<Reason>, Fault> {
    // The row of an inline model says nothing of positions.
    let inline: Vec<_> =
        READ_MODELS.iter().filter(|model| model.mode == Mode::Inline).map(|model| model.name).collect();
    let found: Option<(String, i64)> = sqlx::query_as(BEHIND).bind(last).bind(inline).fetch_optional(c).await?;
    Ok(found.map(|(name, position)| Reason::Behind(name, position)))
}

/// A partition whose name says no month is not ours to drop.
fn young(partition: &str, terms: Terms) -> Option<Reason> {
    let Some(month) = first_day(partition) else { return Some(Reason::Young(NaiveDate::MAX)) };
    let until = month.checked_add_months(Months::new(terms.keep_months.saturating_add(1))).unwrap_or(NaiveDate::MAX);
    let today = DateTime::from_timestamp_millis(terms.now.millis()).map(|now| now.date_naive());
    today.is_none_or(|today| today < until).then_some(Reason::Young(until))
}

/// Of the month that a partition's name ends with.
fn first_day(partition: &str) -> Option<NaiveDate> {
    let (rest, month) = partition.rsplit_once('_')?;
    let (_, year) = rest.rsplit_once('_')?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(partition: &str, keep_months: u32, now: &str) -> Option<Reason> {
        let now = now.parse::<NaiveDate>().ok().and_then(|day| day.and_hms_opt(0, 0, 0)).unwrap_or_default();
        let now = Timestamp::from_millis(now.and_utc().timestamp_millis());
        young(partition, Terms { keep_months, now })
    }

    #[test]
    fn a_month_is_kept_for_so_many_whole_months_after_it() {
        let until = NaiveDate::from_ymd_opt(2027, 1, 1).map(Reason::Young);
        assert_eq!(reason("events_grant_2026_10", 2, "2026-12-31"), until);
        assert_eq!(reason("events_grant_2026_10", 2, "2027-01-01"), None);
    }

    #[test]
    fn a_partition_of_no_month_is_kept() {
        for partition in ["events_definitions", "events_grant_x_1", "events_grant_2026_13", "events", ""] {
            assert!(reason(partition, 1, "2099-01-01").is_some(), "{partition}");
        }
    }
}
