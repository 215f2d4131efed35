//! Sinks: other systems that are told what happens, each by a follower of its own. One file per kind.

mod cloud_event;
mod jsonl;

use crate::{
    config::{Config, SinkConfig},
    event_store::{
        EventStore, StorageError,
        follow::{Followers, Sink, Undelivered},
    },
};
use cloud_event::Envelope;
use jsonl::Jsonl;
use projections::Recorded;

/// A configured sink.
struct Configured {
    name: String,
    events: Vec<String>,
    envelope: Envelope,
    kind: Kind,
}

enum Kind {
    Jsonl(Jsonl),
}

/// Starts a follower for each sink of the settings.
///
/// # Errors
/// When their cursors cannot be made.
pub async fn start(config: &Config, store: &EventStore) -> Result<Followers, StorageError> {
    let sinks = config.sinks.iter().map(|(name, sink)| Configured {
        name: name.clone(),
        events: sink.events().to_vec(),
        envelope: Envelope::of(config.url("")),
        kind: Kind::of(sink),
    });
    store.follow_to(sinks.collect()).await
}

impl Kind {
    fn of(sink: &SinkConfig) -> Self {
        match sink {
            SinkConfig::Jsonl(config) => Self::Jsonl(Jsonl::new(config.path.clone())),
        }
    }
}

impl Sink for Configured {
    fn name(&self) -> &str {
        &self.name
    }

    fn wants(&self, event: &Recorded) -> bool {
        let of_stream = format!("{}.*", event.aggregate_type);
        self.events.is_empty() || self.events.iter().any(|wanted| *wanted == event.event_type || *wanted == of_stream)
    }

    async fn deliver(&mut self, events: &[Recorded]) -> Result<usize, Undelivered> {
        let told: Vec<_> = events.iter().map(|event| self.envelope.around(event)).collect();
        match &mut self.kind {
            Kind::Jsonl(file) => file.append(&told).await,
        }
    }
}
