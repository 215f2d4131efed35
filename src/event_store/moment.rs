//! A point in the life of a definition, as it is typed. design.md §3, "As of".

use super::{StorageError, replay::Until};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::PgConnection;
use std::{fmt, str::FromStr};
use thiserror::Error;

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
        time_of(text).map_or_else(|| number(text).map(Self::Version), |time| Ok(Self::Time(time)))
    }
}

/// A time of RFC 3339, or a day, which means its beginning in UTC.
#[must_use]
pub fn time_of(text: &str) -> Option<DateTime<Utc>> {
    let day = text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    day.or_else(|_| DateTime::parse_from_rfc3339(text).map(|time| time.to_utc())).ok()
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
    ) -> Result<Option<usize>, StorageError> {
        let until = match self {
            Self::Version(version) => {
                return Ok(usize::try_from(version).ok().filter(|version| *version <= events.len()));
            }
            Self::Position(position) => Until::Position(position),
            Self::Time(time) => Until::Time(time),
        };
        match until.resolve(c).await {
            Ok(until) => Ok(Some(events.take_while(|position| *position <= until).count())),
            Err(StorageError::Invalid(_)) => Ok(None),
            Err(other) => Err(other),
        }
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
