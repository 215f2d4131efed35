//! Following the log: a watcher per node says how far it is settled, followers bring read models up to there.

mod cursor;
mod follower;
mod horizon;
mod watcher;

pub use cursor::{Standing, standings};
pub use follower::Followers;
pub use watcher::Watcher;

pub(super) use cursor::{move_to, register};
pub(super) use horizon::settle;
