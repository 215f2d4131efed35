//! How far the log is settled: no event at or below that position can still appear.
//!
//! Positions are taken before they are committed, so a reader sees holes that may or may not be filled. Every writer holds
//! RowExclusiveLock on the parent table from before it takes a position until after its rows are visible. So: whoever held
//! that lock after a hole was seen, and all of them are gone, then what is still missing was rolled back.

use crate::event_store::error::Fault;
use sqlx::PgConnection;
use std::{collections::HashSet, time::Duration};
use tokio::time::sleep;

/// First statement: who may still be writing. The parent's lock, by its full name.
const HOLDERS: &str = "
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'public.events'::regclass AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Second statement: the end of the run without holes after `$1`, and the highest position in sight.
const ROWS: &str = "
SELECT coalesce(max(position) FILTER (WHERE position = $1 + nth), $1), coalesce(max(position), $1)
FROM (
    SELECT position, row_number() OVER (ORDER BY position) AS nth
    FROM public.events WHERE position > $1 ORDER BY position LIMIT 10000
) AS ahead";

const LAST: &str = "SELECT coalesce(max(position), 0) FROM public.events";

/// What one observer knows.
#[derive(Debug, Default)]
pub(crate) struct Horizon {
    safe: i64,
    hole: Option<Hole>,
}

/// Holes were seen below `highest`; `writers` are those who may still fill them, unknown until asked for.
#[derive(Debug)]
struct Hole {
    highest: i64,
    writers: Option<HashSet<String>>,
}

impl Horizon {
    /// Everything up to here is settled.
    pub(crate) const fn safe(&self) -> i64 {
        self.safe
    }

    /// Whether something above `safe` is in sight but not settled.
    pub(crate) const fn is_waiting(&self) -> bool {
        self.hole.is_some()
    }

    /// After a reconnect the server may be another one: whoever was remembered means nothing there.
    pub(crate) fn forget(&mut self) {
        self.hole = None;
    }

    /// Locks first, then rows: whoever is gone by the first statement is visible to the second. READ COMMITTED.
    pub(crate) async fn look(&mut self, connection: &mut PgConnection) -> Result<(), Fault> {
        if self.safe == 0 && self.hole.is_none() {
            // The whole past is one hole: nothing is gained by reading it row by row.
            let highest = sqlx::query_scalar(LAST).fetch_one(&mut *connection).await?;
            self.hole = (highest > 0).then_some(Hole { highest, writers: None });
        }
        if self.hole.is_some() {
            let holders: Vec<String> = sqlx::query_scalar(HOLDERS).fetch_all(&mut *connection).await?;
            self.writers_are(&holders.into_iter().collect());
        }
        let (run, highest) = sqlx::query_as(ROWS).bind(self.safe).fetch_one(connection).await?;
        self.rows_are(run, highest);
        Ok(())
    }

    fn writers_are(&mut self, holders: &HashSet<String>) {
        let Some(hole) = &mut self.hole else { return };
        let left: HashSet<_> = match &hole.writers {
            Some(writers) => writers & holders,
            None => holders.clone(),
        };
        if left.is_empty() {
            self.safe = self.safe.max(hole.highest);
            self.hole = None;
        } else {
            hole.writers = Some(left);
        }
    }

    /// A hole that was filled meanwhile is passed without waiting for anybody.
    fn rows_are(&mut self, run: i64, highest: i64) {
        self.safe = self.safe.max(run);
        self.hole = match self.hole.take().filter(|hole| hole.highest > self.safe) {
            None if highest > self.safe => Some(Hole { highest, writers: None }),
            remembered => remembered,
        };
    }
}

/// Waits until everything that is in the log now is settled, and says how far that is.
pub(crate) async fn settle(connection: &mut PgConnection) -> Result<i64, Fault> {
    let target = sqlx::query_scalar(LAST).fetch_one(&mut *connection).await?;
    let mut horizon = Horizon::default();
    while horizon.safe() < target {
        horizon.look(connection).await?;
        if horizon.is_waiting() {
            sleep(Duration::from_millis(5)).await;
        }
    }
    Ok(horizon.safe())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holders(names: &[&str]) -> HashSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_hole_is_not_passed_while_one_of_those_who_may_fill_it_is_left() {
        let mut horizon = Horizon::default();
        horizon.rows_are(5, 9);
        horizon.writers_are(&holders(&["a", "b"]));
        horizon.writers_are(&holders(&["b", "c"]));
        assert_eq!((horizon.safe(), horizon.is_waiting()), (5, true));
    }

    #[test]
    fn a_hole_is_passed_when_those_are_gone_however_many_others_came() {
        let mut horizon = Horizon::default();
        horizon.rows_are(5, 9);
        horizon.writers_are(&holders(&["a"]));
        horizon.writers_are(&holders(&["c", "d"]));
        assert_eq!((horizon.safe(), horizon.is_waiting()), (9, false));
    }

    #[test]
    fn a_hole_that_was_filled_is_passed_whoever_is_left() {
        let mut horizon = Horizon::default();
        horizon.rows_are(5, 9);
        horizon.writers_are(&holders(&["slow"]));
        horizon.rows_are(7, 12);
        assert_eq!((horizon.safe(), horizon.is_waiting()), (7, true));
        horizon.rows_are(10, 12);
        assert_eq!((horizon.safe(), horizon.is_waiting()), (10, true));
        horizon.writers_are(&holders(&["slow", "later"]));
        horizon.writers_are(&holders(&["later"]));
        assert_eq!(horizon.safe(), 10, "the later one may fill the hole that was seen later");
        horizon.writers_are(&holders(&[]));
        assert_eq!((horizon.safe(), horizon.is_waiting()), (12, false));
    }

    #[test]
    fn who_was_remembered_is_forgotten_after_a_reconnect() {
        let mut horizon = Horizon::default();
        horizon.rows_are(5, 9);
        horizon.writers_are(&holders(&["a"]));
        horizon.forget();
        horizon.rows_are(5, 9);
        horizon.writers_are(&holders(&["b"]));
        assert_eq!(horizon.safe(), 5);
    }
}
