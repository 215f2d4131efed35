//! Where a follower brings events: into the tables of a read model, or out to another system.

use super::{
    follower::Halt,
    sinks::{VERSION, cursor_of},
};
use crate::event_store::record::fault;
use aggregates::{DEFINITIONS, TRAFFIC};
use projections::{ReadModel, Recorded, Unseal};
use sqlx::PgConnection;
use std::sync::Arc;

/// Another system that is told what happened, in the order of the log: every event at least once, after a failure perhaps
/// again. It runs inside its follower's transaction, so it answers within 20 seconds.
pub trait Sink: Send + 'static {
    /// Its name in the settings.
    fn name(&self) -> &str;

    /// Whether it is told of this event.
    fn wants(&self, event: &Recorded) -> bool;

    /// Delivers these events, which are never none, in order. Returns how many of them, from the first, are there for good: at
    /// least one.
    fn deliver(&mut self, events: &[Recorded]) -> impl Future<Output = Result<usize, Undelivered>> + Send;
}

/// Why not even the first event was delivered. The text is shown to operators, so it holds no secret and nothing of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// It is tried again, with growing pauses.
    ForNow(String),
    /// Trying again is of no use before an operator has done something.
    ForGood(String),
}

/// What a follower works for.
pub(super) trait Target: Send + 'static {
    /// The name of its cursor.
    fn cursor(&self) -> &str;

    /// What its cursor's version must be.
    fn version(&self) -> i32;

    /// The aggregate types whose events it needs.
    fn feeds(&self) -> &[&'static str];

    /// How many events it is brought at once, at most.
    fn most(&self) -> i64;

    /// Whether it needs this event.
    fn wants(&self, event: &Recorded) -> bool;

    /// Brings it events, in order; returns how many, from the first, have got there.
    fn bring(
        &mut self,
        connection: &mut PgConnection,
        events: &[Recorded],
    ) -> impl Future<Output = Result<usize, Halt>> + Send;
}

/// A read model: its rows and its cursor change together, so an event is applied once.
pub(super) struct Tables {
    pub(super) model: ReadModel,
    pub(super) unseal: Arc<dyn Unseal>,
}

impl Target for Tables {
    fn cursor(&self) -> &str {
        self.model.name
    }

    fn version(&self) -> i32 {
        self.model.version
    }

    fn feeds(&self) -> &[&'static str] {
        self.model.feeds
    }

    fn most(&self) -> i64 {
        1000
    }

    fn wants(&self, _: &Recorded) -> bool {
        true
    }

    async fn bring(&mut self, connection: &mut PgConnection, events: &[Recorded]) -> Result<usize, Halt> {
        (self.model.apply)(connection, events, &*self.unseal).await.map_err(fault)?;
        Ok(events.len())
    }
}

/// A sink with its cursor.
pub(super) struct Outlet<S> {
    sink: S,
    cursor: String,
    feeds: Vec<&'static str>,
}

impl<S: Sink> Outlet<S> {
    pub(super) fn of(sink: S) -> Self {
        Self { cursor: cursor_of(sink.name()), feeds: [DEFINITIONS, TRAFFIC].concat(), sink }
    }
}

impl<S: Sink> Target for Outlet<S> {
    fn cursor(&self) -> &str {
        &self.cursor
    }

    fn version(&self) -> i32 {
        VERSION
    }

    fn feeds(&self) -> &[&'static str] {
        &self.feeds
    }

    fn most(&self) -> i64 {
        200
    }

    fn wants(&self, event: &Recorded) -> bool {
        self.sink.wants(event)
    }

    async fn bring(&mut self, _: &mut PgConnection, events: &[Recorded]) -> Result<usize, Halt> {
        Ok(self.sink.deliver(events).await?)
    }
}
