//! Followers: each brings one read model up to the safe position, any number of instances side by side.
//!
//! One transaction locks the cursor, reads, applies and advances, so an event is applied once or not at all. Nothing is ever
//! skipped: a follower whose event fails stands still, says so in its cursor, and tries again.

use super::cursor::{self, Cursor};
use crate::event_store::{
    EventStore, StorageError,
    error::Fault,
    line::{Line, answered},
    record::{fault, read},
};
use projections::{Mode, READ_MODELS, ReadModel, Unseal};
use sqlx::{Connection, PgConnection};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

const MOST: i64 = 1000;
/// Another instance may die while it holds the cursor: look again after this time even if nothing new was recorded.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The running followers; they stop when this is dropped.
#[must_use = "followers stop when this is dropped"]
pub struct Followers {
    _tasks: JoinSet<()>,
}

impl EventStore {
    /// Starts a follower for each followed read model.
    pub fn follow(&self) -> Followers {
        self.follow_with(READ_MODELS.iter().copied().filter(|model| model.mode == Mode::Followed))
    }

    /// Starts a follower for each of these read models, which have a row in `cursors`.
    pub fn follow_with(&self, models: impl IntoIterator<Item = ReadModel>) -> Followers {
        let mut tasks = JoinSet::new();
        for model in models {
            // What a crash takes from a follower it applies again, as its cursor goes with it.
            let options = self.inner.options.clone().options([("synchronous_commit", "off")]);
            let line = Line::new(&options, model.name);
            let unseal = Arc::clone(&self.inner.unseal);
            let follower = Follower { model, line, unseal, most: MOST };
            tasks.spawn(follower.run(self.watcher().subscribe()));
        }
        Followers { _tasks: tasks }
    }
}

struct Follower {
    model: ReadModel,
    line: Line,
    unseal: Arc<dyn Unseal>,
    /// How many events in one transaction; one after a failure, so that everything before the bad event gets through.
    most: i64,
}

/// What a step has come to.
enum Step {
    /// There may be more.
    Moved,
    /// Nothing to do, or another instance is doing it.
    Idle,
}

impl Follower {
    async fn run(mut self, mut safe: watch::Receiver<i64>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let until = *safe.borrow_and_update();
            match self.step(until).await {
                Ok(Step::Moved) => (self.most, pause) = (self.most.saturating_mul(2).min(MOST), FIRST_PAUSE),
                Ok(Step::Idle) => {
                    if let Ok(Err(_closed)) = timeout(LOOK_AGAIN, safe.changed()).await {
                        return;
                    }
                }
                Err(failure) => {
                    self.stand_still(failure).await;
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    async fn step(&mut self, until: i64) -> Result<Step, Fault> {
        // Taken out: whatever goes wrong, an open transaction dies with its connection.
        let mut connection = self.line.take().await?;
        let step = answered(self.in_transaction(&mut connection, until)).await?;
        self.line.put_back(connection);
        Ok(step)
    }

    async fn in_transaction(&self, connection: &mut PgConnection, until: i64) -> Result<Step, Fault> {
        let mut transaction = connection.begin().await?;
        let Some(cursor) = cursor::lock(&mut transaction, self.model.name).await? else { return Ok(Step::Idle) };
        self.check(&cursor)?;
        if cursor.position >= until {
            return Ok(Step::Idle);
        }
        let range = (cursor.position, until);
        let events = read(&mut transaction, range, self.model.feeds, self.most).await?;
        let full = i64::try_from(events.len()) == Ok(self.most);
        let to = events.last().filter(|_| full).map_or(until, |event| event.position);
        if !events.is_empty() {
            (self.model.apply)(&mut transaction, &events, &*self.unseal).await.map_err(fault)?;
        }
        if cursor::advance(&mut transaction, self.model.name, cursor.position, to).await? {
            transaction.commit().await?;
        }
        Ok(Step::Moved)
    }

    fn check(&self, cursor: &Cursor) -> Result<(), Fault> {
        let problem = if cursor.version != self.model.version {
            format!("its tables are of version {}, this program's of {}", cursor.version, self.model.version)
        } else if cursor.dropped {
            "events that it needs were dropped from the log: it cannot go on without them".to_owned()
        } else if cursor.beyond {
            format!("its cursor, {}, is beyond the log", cursor.position)
        } else {
            return Ok(());
        };
        Err(StorageError::Unreadable(problem).into())
    }

    async fn stand_still(&mut self, failure: Fault) {
        self.most = 1;
        let reason = StorageError::from(failure).to_string();
        tracing::error!(read_model = self.model.name, reason, "follower stands still");
        let name = self.model.name;
        let recorded = self.line.run(async |connection| cursor::fail(connection, name, &reason).await).await;
        if let Err(fault) = recorded {
            tracing::warn!(read_model = name, ?fault, "and its cursor cannot say so");
        }
    }
}
