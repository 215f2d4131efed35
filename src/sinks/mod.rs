//! Sinks: other systems that are told what happens, each by a follower of its own. One file per kind.

mod cloud_event;
#[cfg(feature = "eventstore")]
mod eventstore;
mod jsonl;
mod nats;
mod tls;
mod webhook;

use crate::{
    clock::Clock,
    config::{Config, SinkConfig},
    event_store::{
        EventStore, StorageError,
        follow::{Followers, Sink, Undelivered},
    },
};
use cloud_event::{Envelope, Told};
#[cfg(feature = "eventstore")]
use eventstore::EventStoreDb;
use jsonl::Jsonl;
use nats::Nats;
use projections::Recorded;
use std::{sync::Arc, time::Duration};
use thiserror::Error;
use tokio::time::Instant;
use webhook::Webhook;

/// What is sent one by one stops after this time, so that the cursor moves.
const LONG_ENOUGH: Duration = Duration::from_secs(5);

/// Why sinks could not be started.
#[derive(Debug, Error)]
pub enum SinksError {
    /// Their cursors could not be made.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A sink cannot work.
    #[error("sinks.{name}: {reason}")]
    Unfit {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

/// A configured sink.
struct Configured {
    name: String,
    events: Vec<String>,
    envelope: Envelope,
    kind: Kind,
}

enum Kind {
    /// Takes all there are at once.
    Jsonl(Jsonl),
    Remote(Remote),
}

/// Takes one after the other: each when the one before has arrived, so that none overtakes another.
enum Remote {
    Webhook(Box<Webhook>),
    Nats(Box<Nats>),
    #[cfg(feature = "eventstore")]
    EventStore(Box<EventStoreDb>),
}

/// Starts a follower for each sink of the settings.
///
/// # Errors
/// When a sink cannot work, or the cursors cannot be made.
pub async fn start(config: &Config, store: &EventStore, clock: &Arc<dyn Clock>) -> Result<Followers, SinksError> {
    let mut sinks = Vec::new();
    for (name, sink) in &config.sinks {
        let kind = Kind::of(sink, clock).map_err(|reason| SinksError::Unfit { name: name.clone(), reason })?;
        let envelope = Envelope::of(config.url(""));
        sinks.push(Configured { name: name.clone(), events: sink.events().to_vec(), envelope, kind });
    }
    Ok(store.follow_to(sinks).await?)
}

impl Kind {
    fn of(sink: &SinkConfig, clock: &Arc<dyn Clock>) -> Result<Self, String> {
        let remote = match sink {
            SinkConfig::Jsonl(config) => return Ok(Self::Jsonl(Jsonl::new(config.path.clone()))),
            SinkConfig::Webhook(config) => Remote::Webhook(Box::new(Webhook::new(config, Arc::clone(clock))?)),
            SinkConfig::Nats(config) => Remote::Nats(Box::new(Nats::new(config.clone()))),
            #[cfg(feature = "eventstore")]
            SinkConfig::EventStore(config) => Remote::EventStore(Box::new(EventStoreDb::new(config)?)),
            #[cfg(not(feature = "eventstore"))]
            SinkConfig::EventStore(_) => return Err("this program was built without the feature eventstore".to_owned()),
        };
        Ok(Self::Remote(remote))
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
            Kind::Remote(remote) => remote.send_all(&told).await,
        }
    }
}

impl Remote {
    /// Sends as many as there is time for.
    async fn send_all(&mut self, told: &[Told<'_>]) -> Result<usize, Undelivered> {
        let began = Instant::now();
        for (count, one) in told.iter().enumerate() {
            if count > 0 && began.elapsed() > LONG_ENOUGH {
                return Ok(count);
            }
            match self.send(one).await {
                Ok(()) => {}
                Err(undelivered) if count == 0 => return Err(undelivered),
                Err(_) => return Ok(count),
            }
        }
        Ok(told.len())
    }

    async fn send(&mut self, told: &Told<'_>) -> Result<(), Undelivered> {
        match self {
            Self::Webhook(webhook) => webhook.post(told).await,
            Self::Nats(nats) => nats.publish(told).await,
            #[cfg(feature = "eventstore")]
            Self::EventStore(database) => database.append(told).await,
        }
    }
}
