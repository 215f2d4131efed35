//! How much is done: enough to measure, or just enough to see that it works.

use super::operation::Operation;
use std::time::Duration;

/// Bounded in count and in time.
pub(crate) struct Plan {
    /// HTTP connections, and pgbench's clients.
    pub(crate) connections: usize,
    /// Everything is measured once in each round, so that what disturbs the machine disturbs the floors as well.
    pub(crate) rounds: usize,
    /// Not measured: statements get prepared, caches warm.
    pub(crate) warm: Bound,
    /// Measured, in each round.
    pub(crate) run: Bound,
    /// Grants of either kind that each connection begins with.
    pub(crate) stock: u32,
    /// Operations of which the round trips are counted.
    pub(crate) counted: u32,
    /// How often the server is started on the database that was made.
    pub(crate) starts: usize,
    /// The whole run fails when it takes longer.
    pub(crate) limit: Duration,
    /// What is measured, beside the floors.
    pub(crate) operations: Vec<Operation>,
}

/// Whichever comes first.
#[derive(Clone, Copy)]
pub(crate) struct Bound {
    pub(crate) time: Duration,
    /// Operations on each connection.
    pub(crate) each: u32,
}

impl Plan {
    /// `words`: measure only what has one of them in its name; everything when there are none.
    pub(crate) fn full(words: &[String]) -> Self {
        let wanted =
            |operation: &Operation| words.is_empty() || words.iter().any(|word| operation.name().contains(word));
        Self {
            connections: 64,
            rounds: 3,
            warm: Bound { time: Duration::from_millis(700), each: u32::MAX },
            run: Bound { time: Duration::from_secs(4), each: u32::MAX },
            stock: 20,
            counted: 40,
            starts: 5,
            limit: Duration::from_secs(300),
            operations: Operation::OURS.into_iter().filter(wanted).collect(),
        }
    }

    pub(crate) fn short() -> Self {
        let time = Duration::from_secs(1);
        Self {
            connections: 4,
            rounds: 1,
            warm: Bound { time, each: 1 },
            run: Bound { time, each: 3 },
            stock: 1,
            counted: 3,
            starts: 1,
            limit: Duration::from_secs(120),
            operations: Operation::OURS.into(),
        }
    }

    pub(crate) fn is_short(&self) -> bool {
        self.run.each != u32::MAX
    }
}
