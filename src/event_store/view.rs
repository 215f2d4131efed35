//! One aggregate type of the store as a `cqrs_es::EventStore`, for whatever is written against that trait.

use super::{
    EventStore, Loaded, StorageError, Traffic, context::COMMAND_ID, error::Fault, execute::Terms, stream::envelopes,
    upcasters::UPCASTERS,
};
use crate::entropy::new_id;
use cqrs_es::{AggregateError, EventEnvelope};
use std::{collections::HashMap, marker::PhantomData};

/// The streams of one traffic aggregate.
pub struct View<A> {
    store: EventStore,
    aggregate: PhantomData<fn() -> A>,
}

impl EventStore {
    /// The store as cqrs-es sees it.
    #[must_use]
    pub fn view<A: Traffic>(&self) -> View<A> {
        View { store: self.clone(), aggregate: PhantomData }
    }
}

impl<A: Traffic> cqrs_es::EventStore<A> for View<A> {
    type AC = Loaded<A>;

    async fn load_events(&self, id: &str) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let rows = self.store.loader().load(A::TYPE, id.to_owned()).await.map_err(failure)?;
        envelopes(id, rows, UPCASTERS).map_err(failure)
    }

    async fn load_aggregate(&self, id: &str) -> Result<Loaded<A>, AggregateError<A::Error>> {
        self.store.load_stream(id.to_owned()).await.map_err(failure)
    }

    /// `context` is as `handle` left it: its state is after the events, its sequence before them.
    async fn commit(
        &self,
        events: Vec<A::Event>,
        mut context: Loaded<A>,
        mut metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let fresh = || new_id(self.store.clock(), self.store.entropy()).to_string();
        metadata.entry(COMMAND_ID.to_owned()).or_insert_with(fresh);
        let expected = context.sequence;
        context.sequence += i64::try_from(events.len()).unwrap_or(i64::MAX);
        self.store.append(&context, (expected, &events), Terms { metadata: &metadata, guard: None }).await.map_err(
            |fault| match fault {
                Fault::Conflict => AggregateError::AggregateConflict,
                other => failure(other.into()),
            },
        )?;
        let first = usize::try_from(expected).unwrap_or(0) + 1;
        let numbered = events.into_iter().zip(first..);
        let envelope = |(payload, sequence)| EventEnvelope {
            aggregate_id: context.id.clone(),
            sequence,
            payload,
            metadata: metadata.clone(),
        };
        Ok(numbered.map(envelope).collect())
    }
}

fn failure<E: std::error::Error>(error: StorageError) -> AggregateError<E> {
    match error {
        StorageError::Unreadable(_) => AggregateError::DeserializationError(Box::new(error)),
        StorageError::Busy | StorageError::Unavailable(_) => AggregateError::DatabaseConnectionError(Box::new(error)),
        StorageError::Constraint { .. } | StorageError::Invalid(_) | StorageError::Stale(_) => {
            AggregateError::UnexpectedError(Box::new(error))
        }
    }
}
