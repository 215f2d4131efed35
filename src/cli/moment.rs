//! Points in time as people give them to a command: 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now such as 90m, 12h, 7d.

use crate::event_store::time_of;
use aggregates::values::Timestamp;
use anyhow::{Context, bail};

/// An instant, a day (its midnight, UTC), or so long before now.
pub(super) fn moment(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    if let Some(at) = time_of(text) {
        return Ok(Timestamp::from_millis(at.timestamp_millis()));
    }
    let mut count = text.chars();
    let seconds = match count.next_back() {
        Some('m') => 60,
        Some('h') => 3600,
        Some('d') => 86400,
        _ => bail!("{text}: neither a time nor a span"),
    };
    let count: i64 = count.as_str().parse().with_context(|| format!("{text}: neither a time nor a span"))?;
    Ok(Timestamp::from_millis(now.millis().saturating_sub(count.saturating_mul(seconds * 1000))))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_a_time_nor_a_span_is_refused() {
        for text in ["", "yesterday", "12", "h", "2026-02-30", "1w", "é"] {
            assert!(moment(text, Timestamp::from_millis(0)).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_can_be_a_day_an_instant_or_a_span_back_from_now() {
        let now = Timestamp::from_millis(10_000_000);
        assert_eq!(moment("1970-01-02", now).unwrap(), Timestamp::from_millis(86_400_000));
        assert_eq!(moment("1970-01-01T00:00:01Z", now).unwrap(), Timestamp::from_millis(1000));
        assert_eq!(moment("2h", now).unwrap(), Timestamp::from_millis(10_000_000 - 7_200_000));
    }
}
