//! Retention: months of grants and sessions leave the log as a whole, once nobody can need them any more.
//!
//! A month may go when it is old enough, when the last grant or session in it is over, when every follower has passed it, and
//! when a signed checkpoint covers it. Definitions and their history are kept for ever. What was dropped is written down in
//! `dropped_ranges`, signed, in the transaction that drops it, so that no reader mistakes it for nothing, and nobody passes off
//! as dropped what was removed.

mod dropping;
mod month;

pub use dropping::{Leaving, Sign, run};
pub use month::{Month, Reason, plan};

use aggregates::values::Timestamp;

/// What an installation wants.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How many whole months are kept beside the present one.
    pub keep_months: u32,
    /// The present.
    pub now: Timestamp,
}
