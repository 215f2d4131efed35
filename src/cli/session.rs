//! What a command works with: the database, the log and the keys, without a server.

use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    database::Database,
    entropy::{Entropy, SystemEntropy},
    event_store::{Actor, Context, EventStore},
    keys::Keys,
};
use std::sync::Arc;

/// Opened parts.
pub struct Session {
    /// The settings.
    pub config: Config,
    /// The database.
    pub database: Database,
    /// The log.
    pub store: EventStore,
    /// The keys.
    pub keys: Keys,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}
