//! What a command works with: the database, the log and the keys, without a server.

use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    database::Database,
    entropy::{Entropy, SystemEntropy, new_id},
    event_store::{Actor, Context, EventStore},
    keys::Keys,
};
use aggregates::values::Reason;
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

impl Session {
    /// Opens the database: a running server's, or one that runs for this command alone.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        let database = Database::open(&config).await?;
        let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) =
            (Arc::new(SystemClock), Arc::new(SystemEntropy::default()));
        let keys = Keys::open(&config, &database, Arc::clone(&entropy)).await?;
        let unseal = Arc::new(keys.clone());
        let store = EventStore::open(&database, unseal, Arc::clone(&clock), Arc::clone(&entropy)).await?;
        let store = store.requiring(config.audit.require_reason.clone());
        Ok(Self { config, database, store, keys, clock, entropy })
    }

    /// Gives the database back.
    pub async fn close(self) {
        self.store.watcher().stop();
        self.database.close().await;
    }

    /// What is recorded beside the events of a command.
    #[must_use]
    pub fn context(&self, reason: Option<Reason>) -> Context {
        let reason = reason.map(String::from);
        let request_id = new_id(self.clock.as_ref(), self.entropy.as_ref()).to_string();
        Context { actor: Actor::System("system:cli"), caller_ip: None, request_id, causation: None, reason }
    }
}
