//! Following the log: a watcher per node says how far it is settled, followers bring read models and sinks up to there.

mod cursor;
mod follower;
mod horizon;
mod sinks;
mod target;
mod watcher;

pub use cursor::{Standing, standings};
pub use follower::Followers;
pub use sinks::{Progress, SinkStanding, forget_sink, progress, retry_sink, sink_names, sink_standing};
pub use target::{Sink, Undelivered};
pub use watcher::Watcher;

pub(super) use cursor::{move_to, register};
pub(super) use horizon::settle;
