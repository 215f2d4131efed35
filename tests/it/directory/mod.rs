//! The directory on a real database: first start, declarative files, rights, replays.

#![expect(clippy::unwrap_used, reason = "tests")]

mod apply;
mod first_start;
mod names;
mod replay;
mod rights;

use crate::support::postgres::{TestDatabase, fresh};
use aggregates::values::{ShortName, Timestamp};
use argus::{
    clock::ManualClock,
    database::Database,
    directory::{
        Desk, DirectoryError, Tools,
        apply::{Applied, Definitions, Surroundings, apply},
        bootstrap::{FirstAdministrator, bootstrap},
        passwords::Passwords,
    },
    entropy::SeededEntropy,
    event_store::{Actor, Context, EventStore},
    keys::{Keys, MasterKey},
};
use std::sync::Arc;
use zeroize::Zeroizing;

const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);

/// A database with what administration needs, and nothing recorded yet.
struct House {
    test: TestDatabase,
    database: Database,
    store: EventStore,
    tools: Tools,
}

impl House {
    async fn new() -> Self {
        let test = fresh();
        let database = test.database().await;
        let clock = Arc::new(ManualClock::at(NOON));
        let entropy = Arc::new(SeededEntropy::new(7));
        let keys = Keys::new(&MasterKey::generate(entropy.as_ref()), entropy.clone()).unwrap();
        let unseal = Arc::new(keys.clone());
        let store = EventStore::open(&database, unseal, clock.clone(), entropy.clone()).await.unwrap();
        Self { test, database, store, tools: Tools { keys, passwords: Passwords::new(2), clock, entropy } }
    }

    /// With the built-in functions, the domain `main` and its administrator.
    async fn furnished() -> Self {
        let house = Self::new().await;
        house.first_start().await.unwrap();
        house
    }

    async fn first_start(&self) -> Option<FirstAdministrator> {
        bootstrap(&self.store, self.tools.clone(), &ShortName::default()).await.unwrap()
    }

    async fn desk(&self) -> Desk {
        let context = Context {
            actor: Actor::System("system:test"),
            caller_ip: None,
            request_id: "test".to_owned(),
            causation: None,
            reason: None,
        };
        Desk::open(&self.store, self.tools.clone(), context).await.unwrap()
    }

    /// Applies a file and answers with how many events that took.
    async fn apply(&self, text: &str) -> Result<(usize, Applied), DirectoryError> {
        let file: Definitions = toml::from_str(text).unwrap();
        let domain = ShortName::default();
        let variable =
            |name: &str| (name == "ARGUS_DEMO_PASSWORD").then(|| Zeroizing::new("green like hope".to_owned()));
        let mut desk = self.desk().await;
        let applied = apply(&mut desk, &file, Surroundings { domain: &domain, variable: &variable }).await?;
        let recorded = desk.recorded();
        desk.commit().await?;
        Ok((recorded, applied))
    }
}
