//! Where in the log a replay ends. design.md §3, "As of".

use super::{Fault, StorageError};
use crate::event_store::follow::settle;
use sqlx::{
    PgConnection,
    types::chrono::{DateTime, Utc},
};

const LAST_BEFORE: &str = "
SELECT max(position) FROM public.events
WHERE position < (SELECT min(position) FROM public.events WHERE recorded_at > $1)";

const ANY_LATER: &str = "SELECT EXISTS (SELECT FROM public.events WHERE recorded_at > $1), now() < $1";

/// A point of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Everything.
    Now,
    /// Up to and including this position.
    Position(i64),
    /// Up to the last position before the first event that was recorded later.
    Time(DateTime<Utc>),
}

impl Until {
    /// The position that it means, once everything up to there is settled.
    ///
    /// # Errors
    /// [`StorageError::Invalid`] for a position or a time that the log has not come to; `Unavailable`.
    pub async fn resolve(self, connection: &mut PgConnection) -> Result<i64, StorageError> {
        let last = settle(connection).await?;
        match self {
            Self::Now => Ok(last),
            Self::Position(position) if (0..=last).contains(&position) => Ok(position),
            Self::Position(position) => {
                Err(StorageError::Invalid(format!("position {position} is not in the log, which ends at {last}")))
            }
            Self::Time(time) => Ok(before(connection, time, last).await?),
        }
    }
}

async fn before(connection: &mut PgConnection, time: DateTime<Utc>, last: i64) -> Result<i64, Fault> {
    let (later, future): (bool, bool) = sqlx::query_as(ANY_LATER).bind(time).fetch_one(&mut *connection).await?;
    if future {
        return Err(StorageError::Invalid(format!("{time} is in the future")).into());
    }
    if !later {
        return Ok(last);
    }
    let position: Option<i64> = sqlx::query_scalar(LAST_BEFORE).bind(time).fetch_one(connection).await?;
    Ok(position.unwrap_or(0).min(last))
}
