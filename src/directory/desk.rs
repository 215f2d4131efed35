//! Where definitions are changed: the definitions lane, with what its commands carry.

use super::{DirectoryError, passwords::Passwords};
use crate::{
    clock::Clock,
    entropy::{Entropy, new_id},
    event_store::{Committed, Context, DefinitionLane, EventStore, StorageError},
    keys::Keys,
};
use aggregates::values::Timestamp;
use cqrs_es::Aggregate;
use std::sync::Arc;
use uuid::Uuid;

/// What administration needs beside the database; cheap to clone.
#[derive(Clone)]
pub struct Tools {
    /// Seals personal data.
    pub keys: Keys,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// One transaction of the definitions lane. Dropped without [`Desk::commit`], nothing has happened.
pub struct Desk {
    lane: DefinitionLane,
    context: Context,
    /// The reason for everything that has none of its own.
    reason: Option<String>,
    tools: Tools,
    recorded: usize,
}

impl Desk {
    /// Waits for the lane.
    ///
    /// # Errors
    /// When others hold it for too long, or the database is away.
    pub async fn open(store: &EventStore, tools: Tools, context: Context) -> Result<Self, DirectoryError> {
        Ok(Self::at(store.definitions().await?, tools, context))
    }

    /// The same for what changes much at once: waits until no other such work goes on.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub async fn open_in_bulk(store: &EventStore, tools: Tools, context: Context) -> Result<Self, DirectoryError> {
        Ok(Self::at(store.definitions_in_bulk().await?, tools, context))
    }

    fn at(lane: DefinitionLane, tools: Tools, context: Context) -> Self {
        let reason = context.reason.clone();
        Self { lane, context, reason, tools, recorded: 0 }
    }

    /// The transaction, for facts: everything read here is still true when the command is decided.
    pub const fn lane(&mut self) -> &mut DefinitionLane {
        &mut self.lane
    }

    /// What administration needs.
    #[must_use]
    pub const fn tools(&self) -> &Tools {
        &self.tools
    }

    /// What is recorded beside each event.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// From here on, this is the reason that is recorded; without one, that for which the desk was opened.
    pub fn because(&mut self, reason: Option<String>) {
        self.context.reason = reason.or_else(|| self.reason.clone());
    }

    /// Something else was recorded in this transaction.
    pub const fn count_change(&mut self) {
        self.recorded = self.recorded.saturating_add(1);
    }

    /// How many events were recorded here.
    #[must_use]
    pub const fn recorded(&self) -> usize {
        self.recorded
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.tools.clock.now()
    }

    /// A fresh id.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        new_id(self.tools.clock.as_ref(), self.tools.entropy.as_ref())
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// What the rules say, or the database.
    pub async fn execute<A>(&mut self, id: Uuid, command: A::Command) -> Result<Committed<A>, DirectoryError>
    where
        A: Aggregate<Services = ()>,
        A::Error: Into<DirectoryError>,
    {
        let committed = self.lane.execute::<A>(id, command, &self.context).await?;
        self.recorded += committed.events.len();
        Ok(committed)
    }

    /// Makes everything final.
    ///
    /// # Errors
    /// Nothing has happened then.
    pub async fn commit(self) -> Result<(), DirectoryError> {
        Ok(self.lane.commit().await?)
    }
}

/// Names a failed look-up by the store's type, so that nobody here has to know the database driver.
pub(crate) fn looked_up<T, E: Into<StorageError>>(found: Result<T, E>) -> Result<T, DirectoryError> {
    found.map_err(|error| DirectoryError::Storage(error.into()))
}

/// Parses a field.
pub(crate) fn field<T>(name: &'static str, text: &str) -> Result<T, DirectoryError>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| DirectoryError::invalid(name)(error.to_string()))
}
