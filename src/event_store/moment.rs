//! A point in the life of a definition, as it is typed. design.md §3, "As of".

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::PgConnection;
use std::{fmt, str::FromStr};
use thiserror::Error;

/// `$1` a time, `$2` a position; one of them. Null for what the log has not come to. Of a time the order of the log decides, not that
/// of the clock: what stands behind the first later event is later.
const SETTLED: &str = "
SELECT CASE
    WHEN $1 > now() OR $2 > log.last THEN NULL
    ELSE coalesce($2, (SELECT min(position) - 1 FROM public.events WHERE recorded_at > $1), log.last)
END FROM (SELECT coalesce(max(position), 0) AS last FROM public.events) AS log";

/// A point in the life of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// After that many events of its own: `7`.
    Version(i64),
    /// After the event at that position of the log: `@4711`.
    Position(i64),
    /// When the clock showed this: `2026-01-31T12:00:00Z`, or a day, `2026-01-31`, which means its beginning in UTC.
    Time(DateTime<Utc>),
}

/// Why a text is no moment; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be a version (7), a position (@4711), a day (2026-01-31) or a time (2026-01-31T12:00:00Z)")]
pub struct InvalidMoment;

impl FromStr for Moment {
    type Err = InvalidMoment;

    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        let number = |digits: &str| {
            let plain = digits.bytes().all(|c| c.is_ascii_digit());
            digits.parse().ok().filter(|number: &i64| plain && *number > 0).ok_or(InvalidMoment)
        };
        if let Some(position) = text.strip_prefix('@') {
            return number(position).map(Self::Position);
        }
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Ok(Self::Time(day.and_time(NaiveTime::MIN).and_utc()));
        }
        match DateTime::parse_from_rfc3339(text) {
            Ok(time) => Ok(Self::Time(time.to_utc())),
            Err(_) => number(text).map(Self::Version),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(f, "{version}"),
            Self::Position(position) => write!(f, "@{position}"),
            Self::Time(time) => write!(f, "{}", time.format("%Y-%m-%dT%H:%M:%S%.fZ")),
        }
    }
}

impl Moment {
    /// How many of a stream's events, given by their positions, had happened by then; `None` for what has not been yet.
    ///
    /// # Errors
    /// The database's.
    pub async fn count(
        self,
        c: &mut PgConnection,
        events: impl ExactSizeIterator<Item = i64>,
    ) -> Result<Option<usize>, sqlx::Error> {
        let (time, position) = match self {
            Self::Version(version) => {
                return Ok(usize::try_from(version).ok().filter(|version| *version <= events.len()));
            }
            Self::Position(position) => (None, Some(position)),
            Self::Time(time) => (Some(time), None),
        };
        let until: Option<i64> = sqlx::query_scalar(SETTLED).bind(time).bind(position).fetch_one(c).await?;
        Ok(until.map(|until| events.take_while(|position| *position <= until).count()))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop")]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "0",
            "-1",
            "+1",
            "@",
            "@0",
            "@-1",
            "@+1",
            "1h",
            "yesterday",
            "2026-02-30",
            "2026-01-31T12:00:00",
            "99999999999999999999",
        ] {
            assert_eq!(text.parse::<Moment>(), Err(InvalidMoment), "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_version_a_position_or_a_time() {
        let written = |text: &str| text.parse::<Moment>().unwrap().to_string();
        assert_eq!(written("7"), "7");
        assert_eq!(written("@4711"), "@4711");
        assert_eq!(written("2026-01-31"), "2026-01-31T00:00:00Z");
        assert_eq!(written("2026-01-31T12:00:00.5+01:00"), "2026-01-31T11:00:00.500Z");
    }
}
