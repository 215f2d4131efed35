//! A small aggregate of each lane, and a store on a database of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::support::postgres::{TestDatabase, fresh};
use aggregates::values::{Sealed, Timestamp};
use argus::{
    clock::ManualClock,
    database::Database,
    entropy::{SeededEntropy, new_id},
    event_store::{Actor, Context, EventStore, Traffic},
};
use cqrs_es::{Aggregate, DomainEvent, event_sink::EventSink};
use projections::{Mode, ProjectionError, ReadModel, Recorded, Unseal};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

/// 2026-11-24.
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_795_478_400_000);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum NoteEvent {
    Written { text: String },
}

impl DomainEvent for NoteEvent {
    fn event_type(&self) -> String {
        "note.written".to_owned()
    }
    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

/// Writes all its texts, or refuses when there are more than the most already.
#[derive(Debug, Clone, Default)]
pub(super) struct Write {
    pub(super) texts: Vec<String>,
    pub(super) most: Option<usize>,
}

pub(super) fn write(text: impl Into<String>) -> Write {
    Write { texts: vec![text.into()], most: None }
}

/// Only on an empty stream.
pub(super) fn write_first(text: impl Into<String>) -> Write {
    Write { texts: vec![text.into()], most: Some(0) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are enough")]
pub(super) struct Enough;

macro_rules! note {
    ($name:ident, $type:literal) => {
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub(super) struct $name {
            pub(super) texts: Vec<String>,
        }

        impl Aggregate for $name {
            const TYPE: &'static str = $type;
            type Command = Write;
            type Event = NoteEvent;
            type Error = Enough;
            type Services = ();

            async fn handle(&mut self, command: Write, (): &(), sink: &EventSink<Self>) -> Result<(), Enough> {
                if command.most.is_some_and(|most| self.texts.len() > most) {
                    return Err(Enough);
                }
                for text in command.texts {
                    sink.write(NoteEvent::Written { text }, self).await;
                }
                Ok(())
            }

            fn apply(&mut self, NoteEvent::Written { text }: NoteEvent) {
                self.texts.push(text);
            }
        }
    };
}

note!(Note, "grant");
note!(Pinned, "session");
note!(Defined, "provider");

impl Traffic for Note {
    fn inline_row(&self, _: &str, _: i64) -> Option<Value> {
        None
    }
}

/// Its last text is unique among all.
impl Traffic for Pinned {
    fn inline_row(&self, _: &str, _: i64) -> Option<Value> {
        Some(json!({ "label": self.texts.last(), "written": self.texts.len() }))
    }
}

struct Unopened;

impl Unseal for Unopened {
    fn open(&self, _: &[u8], _: &Sealed) -> Option<String> {
        None
    }
}

/// What opens nothing: these tests have no sealed data.
pub(super) fn unseal() -> Arc<dyn Unseal> {
    Arc::new(Unopened)
}

/// A database with a table `sessions` of our own in place of the real one.
pub(super) struct Bench {
    pub(super) at: TestDatabase,
    pub(super) database: Database,
    pub(super) store: EventStore,
}

static NODES: AtomicU64 = AtomicU64::new(1);

pub(super) async fn open(database: &Database) -> EventStore {
    let seed = NODES.fetch_add(1, Ordering::Relaxed);
    let entropy = Arc::new(SeededEntropy::new(seed));
    EventStore::open(database, unseal(), Arc::new(ManualClock::at(NOW)), entropy).await.unwrap()
}

pub(super) async fn bench() -> Bench {
    let at = fresh();
    own_sessions(&mut at.owner().await).await;
    let database = at.database().await;
    let store = open(&database).await;
    Bench { at, database, store }
}

async fn own_sessions(owner: &mut PgConnection) {
    owner
        .execute(
            "DROP TABLE IF EXISTS sessions CASCADE;
             CREATE TABLE sessions (id uuid PRIMARY KEY, sequence bigint NOT NULL, label text, written int,
                                    CONSTRAINT sessions_label UNIQUE (label));",
        )
        .await
        .unwrap();
}

impl Bench {
    /// Rows of the log as (position, id, sequence), in order.
    pub(super) async fn log(&self) -> Vec<(i64, String, i64)> {
        let mut owner = self.at.owner().await;
        let rows = sqlx::query_as("SELECT position, aggregate_id, sequence FROM events ORDER BY position")
            .fetch_all(&mut owner)
            .await
            .unwrap();
        owner.close().await.unwrap();
        rows
    }
}

static IDS: AtomicU64 = AtomicU64::new(1);

/// An id of [`NOW`].
pub(super) fn id() -> Uuid {
    let seed = 1_000_000 + IDS.fetch_add(1, Ordering::Relaxed);
    new_id(&ManualClock::at(NOW), &SeededEntropy::new(seed))
}

pub(super) fn context() -> Context {
    Context {
        actor: Actor::System("system:test"),
        caller_ip: None,
        request_id: "r".to_owned(),
        causation: None,
        reason: None,
    }
}

/// A followed read model that takes down every event once: a second time violates its key. Events that say "poison" fail
/// until the table `antidote` is there.
pub(super) const TRAIL: ReadModel = ReadModel {
    name: "trail",
    version: 1,
    ddl: "CREATE TABLE trail (position bigint PRIMARY KEY, aggregate_id text NOT NULL, text text NOT NULL)",
    tables: &["trail"],
    feeds: &["grant", "session", "provider"],
    mode: Mode::Followed,
    kept: None,
    apply: |connection, events, _| Box::pin(take_down(connection, events)),
};

async fn take_down(connection: &mut PgConnection, events: &[Recorded]) -> Result<(), ProjectionError> {
    for event in events {
        let NoteEvent::Written { text } = event.decode()?;
        if text == "poison" {
            sqlx::query("SELECT FROM antidote").execute(&mut *connection).await?;
        }
        sqlx::query("INSERT INTO trail VALUES ($1, $2, $3)")
            .bind(event.position)
            .bind(&event.aggregate_id)
            .bind(text)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

impl Bench {
    /// Makes the trail's table and cursor.
    pub(super) async fn with_trail(self) -> Self {
        let mut owner = self.at.owner().await;
        owner.execute(TRAIL.ddl).await.unwrap();
        owner.execute("INSERT INTO cursors (name, version) VALUES ('trail', 1)").await.unwrap();
        self
    }

    /// What the trail has taken down, in order.
    pub(super) async fn trail(&self) -> Vec<i64> {
        let mut owner = self.at.owner().await;
        let rows = sqlx::query_scalar("SELECT position FROM trail ORDER BY position").fetch_all(&mut owner).await;
        owner.close().await.unwrap();
        rows.unwrap()
    }

    /// Waits until the trail holds so many events.
    pub(super) async fn trail_of(&self, length: usize) -> Vec<i64> {
        for _ in 0..500 {
            let trail = self.trail().await;
            if trail.len() >= length {
                return trail;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("the trail holds {} of {length}", self.trail().await.len());
    }
}
