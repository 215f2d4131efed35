//! Postgres: a server that someone else runs, or a private one that this program runs itself, and the ways to reach it.
//!
//! Two roles: the *owner* migrates and makes partitions, the *application* (`argus_app`, made by the first migration) serves
//! requests and may only do what those need.

pub mod checks;
mod connections;
pub mod embedded;
mod error;
mod migrations;
mod open;
mod options;
pub mod partitions;
pub mod throttles;

pub use connections::{Connections, Lease, is_lost, is_too_much};
pub use error::DatabaseError;
/// Why a query failed, for those who do not speak SQL.
pub use sqlx::{Error as QueryError, PgConnection as Connection};

use aggregates::values::Timestamp;
use embedded::Embedded;
use sqlx::{ConnectOptions, Connection as _, postgres::PgConnectOptions};
use std::sync::Arc;

/// An open database: migrated, checked and reachable. Clones are handles to the same one.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    server: PgConnectOptions,
    embedded: Option<Embedded>,
    connections: Connections,
    searches: Connections,
}

impl Database {
    /// How the application connects, for a task that owns its connections.
    #[must_use]
    pub fn options(&self) -> PgConnectOptions {
        options::application(&self.0.server)
    }

    /// How the owner connects, for partitions and rebuilds.
    #[must_use]
    pub fn owner_options(&self) -> PgConnectOptions {
        options::owner(&self.0.server)
    }

    /// The connections that all other requests share; they are the application's.
    #[must_use]
    pub fn connections(&self) -> &Connections {
        &self.0.connections
    }

    /// The connections that searches share: a quarter of all, on which no statement takes longer than two seconds.
    #[must_use]
    pub fn searches(&self) -> &Connections {
        &self.0.searches
    }

    /// Whether this is the private cluster in the data directory, started by this process or another.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.0.embedded.is_some()
    }

    /// Makes the partitions of the month of `now` and the next. [`Database::open`] has done so for the machine's time; a
    /// server does it daily.
    ///
    /// # Errors
    /// When Postgres cannot be reached or refuses.
    pub async fn ensure_partitions(&self, now: Timestamp) -> Result<(), DatabaseError> {
        let mut owner = self.owner_options().connect().await.map_err(DatabaseError::Unreachable)?;
        partitions::ensure_partitions(&mut owner, now).await?;
        Ok(owner.close().await?)
    }

    /// Closes the shared connections, then stops the embedded server if this process runs it. Other clones are of no use
    /// afterwards.
    pub async fn close(self) {
        self.0.connections.close().await;
        self.0.searches.close().await;
        if let Some(embedded) = &self.0.embedded {
            embedded.stop().await;
        }
    }
}
