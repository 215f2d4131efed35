//! The event store: append, load, follow. design.md §3.
//!
//! Two lanes lead into one log. *Traffic* (grants, sessions) goes through [`EventStore::create`], [`EventStore::execute`] and
//! [`EventStore::execute_on`], which share statements and commits with whatever else is waiting. *Definitions* go through
//! [`EventStore::definitions`], one transaction at a time. Behind both, a watcher publishes how far the log is settled, and
//! followers project up to there.

mod append;
mod appender;
mod context;
mod error;
mod execute;
pub mod follow;
mod lane;
mod line;
mod loader;
mod moment;
mod queue;
mod record;
pub mod replay;
pub mod retention;
mod sql;
mod standings;
mod stream;
mod streams;
mod traffic;
mod upcasters;
mod view;

pub use context::{Actor, Context};
pub use error::{ExecuteError, StorageError};
pub use execute::Traffic;
pub use lane::DefinitionLane;
pub use moment::{Moment, time_of};
pub use record::read_stream;
pub use standings::Standings;
pub use stream::{Committed, Loaded, StoredEvent, decode_rows, decode_stream};
pub use view::View;

use crate::{clock::Clock, config::RequireReason, database::Database, entropy::Entropy};
use appender::Appender;
use follow::Watcher;
use line::Line;
use loader::Loader;
use projections::Unseal;
use sqlx::postgres::PgConnectOptions;
use std::{collections::HashMap, sync::Arc};
use streams::Streams;
use tokio::sync::{Mutex, Semaphore};

/// The log of one database. Clones share everything; the tasks behind it end with the last of them.
#[derive(Clone)]
pub struct EventStore {
    inner: Arc<Inner>,
    reasons: RequireReason,
}

struct Inner {
    options: PgConnectOptions,
    appender: Appender,
    loader: Loader,
    watcher: Watcher,
    streams: Streams,
    lane: Arc<Mutex<Line>>,
    bulk: Arc<Semaphore>,
    unseal: Arc<dyn Unseal>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl EventStore {
    /// Makes the partitions of the injected clock's months and starts on this database.
    ///
    /// # Errors
    /// As [`EventStore::start`]; `Unavailable` when the partitions cannot be made.
    pub async fn open(
        database: &Database,
        unseal: Arc<dyn Unseal>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, StorageError> {
        let made = database.ensure_partitions(clock.now()).await;
        made.map_err(|error| StorageError::Unavailable(error.to_string()))?;
        Self::start(database.options(), unseal, clock, entropy).await
    }

    /// Starts writers, loaders and the watcher on connections of their own, made with `options`.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when an inline read model has to be rebuilt first; `Unavailable`.
    pub async fn start(
        options: PgConnectOptions,
        unseal: Arc<dyn Unseal>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, StorageError> {
        let mut line = Line::new(&options, "definitions");
        follow::register(line.connected().await?).await?;
        let watcher = Watcher::start(&options);
        let inner = Inner {
            appender: Appender::start(&options, watcher.bell()),
            loader: Loader::start(&options),
            watcher,
            streams: Streams::default(),
            lane: Arc::new(Mutex::new(line)),
            bulk: Arc::new(Semaphore::new(1)),
            options,
            unseal,
            clock,
            entropy,
        };
        Ok(Self { inner: Arc::new(inner), reasons: RequireReason::default() })
    }

    /// The same log, whose definitions are only changed with a reason as far as these settings ask for one.
    #[must_use]
    pub fn requiring(self, reasons: RequireReason) -> Self {
        Self { reasons, ..self }
    }

    /// How far the log is settled.
    #[must_use]
    pub fn watcher(&self) -> &Watcher {
        &self.inner.watcher
    }

    fn appender(&self) -> &Appender {
        &self.inner.appender
    }

    fn loader(&self) -> &Loader {
        &self.inner.loader
    }

    fn streams(&self) -> &Streams {
        &self.inner.streams
    }

    fn lane_line(&self) -> &Arc<Mutex<Line>> {
        &self.inner.lane
    }

    fn bulk(&self) -> &Arc<Semaphore> {
        &self.inner.bulk
    }

    fn unseal(&self) -> &dyn Unseal {
        &*self.inner.unseal
    }

    fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    fn entropy(&self) -> &dyn Entropy {
        &*self.inner.entropy
    }

    fn metadata(&self, context: &Context) -> HashMap<String, String> {
        context.metadata(self.clock(), self.entropy())
    }
}
