//! Followers: each brings one read model or sink up to the safe position, any number of instances side by side.
//!
//! One transaction locks the cursor, reads, brings the events where they belong and advances. So an event is applied to a read
//! model once or not at all, and delivered to a sink at least once, by one instance at a time. Nothing is ever skipped: a
//! follower whose event fails stands still, says so in its cursor, and tries again.

use super::{
    cursor::{self, Cursor},
    target::{Tables, Target, Undelivered},
};
use crate::event_store::{
    EventStore, StorageError,
    error::Fault,
    line::{Line, answered},
    record::read,
};
use projections::{Mode, READ_MODELS, ReadModel};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

/// Another instance may die while it holds the cursor, and an operator may let a stopped one go on: look again after this time
/// even if nothing new was recorded.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The running followers; they stop when this is dropped.
#[must_use = "followers stop when this is dropped"]
#[derive(Default)]
pub struct Followers {
    tasks: JoinSet<()>,
}

impl Followers {
    pub(super) fn start<T: Target>(&mut self, target: T, options: &PgConnectOptions, safe: watch::Receiver<i64>) {
        // What a crash takes from a follower it brings again, as its cursor goes with it.
        let options = options.clone().options([("synchronous_commit", "off")]);
        let line = Line::new(&options, target.cursor());
        self.tasks.spawn(Follower { most: target.most(), target, line, at: 0 }.run(safe));
    }
}

impl EventStore {
    /// Starts a follower for each followed read model.
    pub fn follow(&self) -> Followers {
        self.follow_with(READ_MODELS.iter().copied().filter(|model| model.mode == Mode::Followed))
    }

    /// Starts a follower for each of these read models, which have a row in `cursors`.
    pub fn follow_with(&self, models: impl IntoIterator<Item = ReadModel>) -> Followers {
        let mut followers = Followers::default();
        for model in models {
            let target = Tables { model, unseal: Arc::clone(&self.inner.unseal) };
            followers.start(target, &self.inner.options, self.watcher().subscribe());
        }
        followers
    }
}

struct Follower<T> {
    target: T,
    line: Line,
    /// How many events in one transaction; one after a failure, so that everything before the bad event gets through.
    most: i64,
    /// Where its cursor was when it was last seen.
    at: i64,
}

/// What a step has come to.
enum Step {
    /// There may be more.
    Moved,
    /// Nothing to do, or another instance is doing it.
    Idle,
}

/// Why a follower does not go on.
pub(super) enum Halt {
    Storage(Fault),
    Undelivered(Undelivered),
}

impl<F: Into<Fault>> From<F> for Halt {
    fn from(fault: F) -> Self {
        Self::Storage(fault.into())
    }
}

impl From<Undelivered> for Halt {
    fn from(undelivered: Undelivered) -> Self {
        Self::Undelivered(undelivered)
    }
}

impl Halt {
    /// The cursor's status, and the reason.
    fn described(self) -> (&'static str, String) {
        match self {
            Self::Storage(fault) => ("failing", StorageError::from(fault).to_string()),
            Self::Undelivered(Undelivered::ForNow(reason)) => ("failing", reason),
            Self::Undelivered(Undelivered::ForGood(reason)) => ("stopped", reason),
        }
    }
}

impl<T: Target> Follower<T> {
    async fn run(mut self, mut safe: watch::Receiver<i64>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let until = *safe.borrow_and_update();
            match self.step(until).await {
                Ok(Step::Moved) => {
                    (self.most, pause) = (self.most.saturating_mul(2).min(self.target.most()), FIRST_PAUSE);
                }
                Ok(Step::Idle) => {
                    if let Ok(Err(_closed)) = timeout(LOOK_AGAIN, safe.changed()).await {
                        return;
                    }
                }
                Err(halt) => {
                    self.stand_still(halt).await;
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    async fn step(&mut self, until: i64) -> Result<Step, Halt> {
        // Taken out: whatever goes wrong, an open transaction dies with its connection.
        let mut connection = self.line.take().await?;
        let step = answered(async { Ok(self.in_transaction(&mut connection, until).await) }).await??;
        self.line.put_back(connection);
        Ok(step)
    }

    async fn in_transaction(&mut self, connection: &mut PgConnection, until: i64) -> Result<Step, Halt> {
        let mut transaction = connection.begin().await?;
        let Some(cursor) = cursor::lock(&mut transaction, self.target.cursor()).await? else { return Ok(Step::Idle) };
        self.at = cursor.position;
        self.check(&cursor)?;
        if cursor.stopped || cursor.position >= until {
            return Ok(Step::Idle);
        }
        let range = (cursor.position, until);
        let mut events = read(&mut transaction, range, self.target.feeds(), self.most).await?;
        let full = i64::try_from(events.len()) == Ok(self.most);
        let last = events.last().filter(|_| full).map_or(until, |event| event.position);
        events.retain(|event| self.target.wants(event));
        let brought = if events.is_empty() { 0 } else { self.target.bring(&mut transaction, &events).await? };
        let to = events.get(brought).map_or(last, |next| next.position - 1);
        let moved = (cursor.position, to);
        if cursor::advance(&mut transaction, self.target.cursor(), moved, brought > 0).await? {
            transaction.commit().await?;
        }
        Ok(Step::Moved)
    }

    fn check(&self, cursor: &Cursor) -> Result<(), Fault> {
        let problem = if cursor.version != self.target.version() {
            format!("its tables are of version {}, this program's of {}", cursor.version, self.target.version())
        } else if cursor.dropped {
            "events that it needs were dropped from the log: it cannot go on without them".to_owned()
        } else if cursor.beyond {
            format!("its cursor, {}, is beyond the log", cursor.position)
        } else {
            return Ok(());
        };
        Err(StorageError::Unreadable(problem).into())
    }

    async fn stand_still(&mut self, halt: Halt) {
        self.most = 1;
        let (status, reason) = halt.described();
        let (name, at) = (self.target.cursor(), self.at);
        tracing::error!(follower = name, status, reason, "follower stands still");
        let recorded =
            self.line.run(async |connection| cursor::stand(connection, name, at, (status, &reason)).await).await;
        if let Err(fault) = recorded {
            tracing::warn!(follower = name, ?fault, "and its cursor cannot say so");
        }
    }
}
