//! A stream as it is stored, and the aggregate it amounts to.

use super::{
    StorageError,
    upcasters::{UPCASTERS, upcast},
};
use cqrs_es::{
    Aggregate, AggregateContext, DomainEvent, EventEnvelope,
    persist::{EventUpcaster, SerializedEvent},
};
use projections::standing::StreamRow;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::HashMap, fmt::Display};

/// One event of a stream, in the shape in which a standing query returns it with `jsonb_agg`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredEvent {
    /// From 1, without holes.
    pub sequence: i64,
    /// For example `grant.code_redeemed`.
    pub event_type: String,
    /// For example `1`.
    pub event_version: String,
    /// The event.
    pub payload: Value,
    /// See [`super::Context`]; a standing query may leave it out.
    #[serde(default)]
    pub metadata: HashMap<String, String>,
}

/// An aggregate as of its last event that was read.
#[derive(Debug, Clone)]
pub struct Loaded<A> {
    /// The stream.
    pub id: String,
    /// Its state.
    pub aggregate: A,
    /// Its last event; 0 when there is none.
    pub sequence: i64,
}

impl<A: Aggregate> Loaded<A> {
    /// A stream without events.
    #[must_use]
    pub fn new(id: String) -> Self {
        Self { id, aggregate: A::default(), sequence: 0 }
    }
}

impl<A: Aggregate> Loaded<A> {
    /// Applies the next event of the stream; there must be no hole before it.
    fn follow(&mut self, sequence: i64, event: A::Event) -> Result<(), StorageError> {
        if sequence != self.sequence + 1 {
            let problem = format!("{}/{} has {sequence} after {}", A::TYPE, self.id, self.sequence);
            return Err(StorageError::Unreadable(problem));
        }
        self.sequence = sequence;
        self.aggregate.apply(event);
        Ok(())
    }
}

impl<A: Aggregate> AggregateContext<A> for Loaded<A> {
    fn aggregate(&mut self) -> &mut A {
        &mut self.aggregate
    }
}

/// What a command has led to.
#[derive(Debug, Clone)]
pub struct Committed<A: Aggregate> {
    /// The events that it recorded; none when there was nothing to change.
    pub events: Vec<A::Event>,
    /// The state after them.
    pub aggregate: A,
    /// The stream's last sequence number.
    pub sequence: i64,
    /// The last event's place in the global order; 0 without events.
    pub position: i64,
}

/// The aggregate that the stored events of stream `id` amount to.
///
/// # Errors
/// [`StorageError::Unreadable`] for an event whose type, version or payload this program does not know, or a hole.
pub fn decode_stream<A: Aggregate>(id: String, rows: Vec<StoredEvent>) -> Result<Loaded<A>, StorageError> {
    let mut loaded = Loaded::<A>::new(id);
    for row in rows {
        let sequence = row.sequence;
        let event = envelope::<A>(&loaded.id, row, UPCASTERS)?.payload;
        loaded.follow(sequence, event)?;
    }
    Ok(loaded)
}

/// The same of rows as a standing has them. An event in its newest version is read from its text at once.
///
/// # Errors
/// As [`decode_stream`].
pub fn decode_rows<A: Aggregate>(id: String, rows: &[StreamRow]) -> Result<Loaded<A>, StorageError> {
    let mut loaded = Loaded::<A>::new(id);
    for row in rows {
        let event = event_of::<A>(&loaded.id, row, UPCASTERS)?;
        loaded.follow(row.sequence, event)?;
    }
    Ok(loaded)
}

fn event_of<A: Aggregate>(
    id: &str,
    row: &StreamRow,
    upcasters: &[&dyn EventUpcaster],
) -> Result<A::Event, StorageError> {
    let name = (row.event_type.as_str(), row.event_version.as_str());
    if upcasters.iter().any(|upcaster| upcaster.can_upcast(name.0, name.1)) {
        let payload = serde_json::from_str(row.payload.get()).map_err(|error| unreadable(name, &error))?;
        let (event_type, event_version) = (row.event_type.clone(), row.event_version.clone());
        let row = StoredEvent { sequence: row.sequence, event_type, event_version, payload, metadata: HashMap::new() };
        return Ok(envelope::<A>(id, row, upcasters)?.payload);
    }
    recognised(name, serde_json::from_str(row.payload.get()))
}

/// The stored events of one stream as cqrs-es hands them out.
pub(super) fn envelopes<A: Aggregate>(
    id: &str,
    rows: Vec<StoredEvent>,
    upcasters: &[&dyn EventUpcaster],
) -> Result<Vec<EventEnvelope<A>>, StorageError> {
    rows.into_iter().map(|row| envelope(id, row, upcasters)).collect()
}

fn envelope<A: Aggregate>(
    id: &str,
    row: StoredEvent,
    upcasters: &[&dyn EventUpcaster],
) -> Result<EventEnvelope<A>, StorageError> {
    let sequence = usize::try_from(row.sequence).unwrap_or(0);
    let (kind, id) = (A::TYPE.to_owned(), id.to_owned());
    let stored = SerializedEvent::new(id, sequence, kind, row.event_type, row.event_version, row.payload, Value::Null);
    let event = upcast(stored, upcasters);
    let payload = decode::<A::Event>(&event)?;
    Ok(EventEnvelope { aggregate_id: event.aggregate_id, sequence, payload, metadata: row.metadata })
}

fn decode<E: DomainEvent>(event: &SerializedEvent) -> Result<E, StorageError> {
    recognised((&event.event_type, &event.event_version), E::deserialize(&event.payload))
}

/// The event; what it says it is must be what it was stored as.
fn recognised<E: DomainEvent>(
    (event_type, event_version): (&str, &str),
    event: serde_json::Result<E>,
) -> Result<E, StorageError> {
    let event = event.map_err(|error| unreadable((event_type, event_version), &error))?;
    if event.event_type() == event_type && event.event_version() == event_version {
        Ok(event)
    } else {
        Err(unreadable((event_type, event_version), &"this program knows no such type or version"))
    }
}

fn unreadable((event_type, event_version): (&str, &str), problem: &dyn Display) -> StorageError {
    StorageError::Unreadable(format!("{event_type} version {event_version}: {problem}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use serde_json::json;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Counted {
        Added { amount: i64 },
    }

    impl DomainEvent for Counted {
        fn event_type(&self) -> String {
            "counter.added".to_owned()
        }
        fn event_version(&self) -> String {
            "2".to_owned()
        }
    }

    #[derive(Debug, Default, Serialize, Deserialize)]
    struct Counter(i64);

    impl Aggregate for Counter {
        const TYPE: &'static str = "counter";
        type Command = ();
        type Event = Counted;
        type Error = std::io::Error;
        type Services = ();

        async fn handle(
            &mut self,
            (): (),
            (): &(),
            _: &cqrs_es::event_sink::EventSink<Self>,
        ) -> Result<(), Self::Error> {
            Ok(())
        }

        fn apply(&mut self, event: Counted) {
            let Counted::Added { amount } = event;
            self.0 += amount;
        }
    }

    /// Version 1 had a plain number.
    struct NumbersBecomeFields;

    impl EventUpcaster for NumbersBecomeFields {
        fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
            (event_type, event_version) == ("counter.added", "1")
        }
        fn upcast(&self, mut event: SerializedEvent) -> SerializedEvent {
            event.payload = json!({ "added": { "amount": event.payload["added"] } });
            event.event_version = "2".to_owned();
            event
        }
    }

    fn stored(sequence: i64, event_type: &str, event_version: &str, payload: Value) -> StoredEvent {
        let (event_type, event_version) = (event_type.to_owned(), event_version.to_owned());
        StoredEvent { sequence, event_type, event_version, payload, metadata: HashMap::new() }
    }

    #[test]
    fn an_event_of_an_unknown_type_or_version_is_an_error_that_names_it() {
        let now = json!({ "added": { "amount": 1 } });
        for (event_type, version, payload) in [
            ("counter.added", "1", json!({ "added": 1 })),
            ("counter.added", "3", now.clone()),
            ("counter.removed", "2", now),
            ("counter.removed", "1", json!({ "removed": {} })),
        ] {
            let refused = decode_stream::<Counter>("x".to_owned(), vec![stored(1, event_type, version, payload)]);
            let Err(StorageError::Unreadable(reason)) = refused else { panic!("{refused:?}") };
            assert!(reason.contains(&format!("{event_type} version {version}")), "{reason}");
        }
    }

    #[test]
    fn a_hole_in_a_stream_is_an_error() {
        let row = stored(2, "counter.added", "2", json!({ "added": { "amount": 1 } }));
        assert!(decode_stream::<Counter>("x".to_owned(), vec![row]).is_err());
    }

    #[test]
    fn an_old_version_is_upcast_while_it_is_read() {
        let rows = vec![
            stored(1, "counter.added", "1", json!({ "added": 3 })),
            stored(2, "counter.added", "2", json!({ "added": { "amount": 4 } })),
        ];
        let events = envelopes::<Counter>("x", rows, &[&NumbersBecomeFields]).unwrap();
        let amounts: Vec<_> = events.into_iter().map(|e| e.payload).collect();
        assert_eq!(amounts, [Counted::Added { amount: 3 }, Counted::Added { amount: 4 }]);
    }
}
