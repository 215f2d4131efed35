//! The traffic lane: whatever has gathered from all requests goes into the log as one statement with one commit.
//!
//! The tasks own their connections, so a cancelled request cancels nothing. After a lost connection the identical statement
//! is sent again before anything else, and what turns out to be there under our command id was ours.

use super::{
    StorageError,
    append::{Append, Receipt, append, own},
    error::Fault,
    line::Line,
    queue::{Intake, Job, Queue, queue},
};
use sqlx::postgres::PgConnectOptions;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::Notify, time::sleep};

/// How many appends may wait; more are answered with `Busy`.
const CAPACITY: usize = 4096;
/// How many go into one statement.
const MOST: usize = 256;
/// While one writes, the other gathers.
const WRITERS: usize = 2;
/// How long a batch that was never sent waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// Before the same is sent again to a server that refused it.
const PAUSE: Duration = Duration::from_millis(100);
/// How often a deadlock's victim is sent again as a whole before it is taken apart.
const DEADLOCKS: u32 = 3;

type Answer = Result<i64, Fault>;
type Waiting = Job<Append, Answer>;

/// Hands appends to the writers.
pub(super) struct Appender {
    queue: Queue<Append, Answer>,
}

impl Appender {
    /// Starts the writers; they end when the appender is dropped. `wake` is told of every commit.
    pub(super) fn start(options: &PgConnectOptions, wake: &Arc<Notify>) -> Self {
        let (queue, intake) = queue(CAPACITY);
        for _ in 0..WRITERS {
            let line = Line::new(options, "appender");
            let writer = Writer { line, wake: Arc::clone(wake), columns: Vec::new() };
            tokio::spawn(writer.run(intake.clone()));
        }
        Self { queue }
    }

    /// Appends, and returns the last event's position.
    pub(super) async fn append(&self, append: Append) -> Result<i64, Fault> {
        self.queue.ask(append).await.unwrap_or_else(|error| Err(Fault::Refused(error)))
    }
}

/// Appends that are sent together. `resent`: the same were sent before, on a connection that was lost.
struct Batch {
    members: Vec<Waiting>,
    resent: bool,
}

struct Writer {
    line: Line,
    wake: Arc<Notify>,
    /// Of the inline table; read when first needed on a connection.
    columns: Vec<String>,
}

impl Writer {
    async fn run(mut self, intake: Intake<Append, Answer>) {
        while let Some(jobs) = intake.batch(MOST).await {
            // Latest first: a stack of batches, each stream at most once in each.
            let mut batches = by_stream(jobs);
            while let Some(batch) = batches.pop() {
                batches.extend(self.settle(batch).await);
            }
        }
        self.line.close().await;
    }

    /// Answers every member, or returns two halves when somebody in the batch spoils it for the others.
    async fn settle(&mut self, mut batch: Batch) -> Vec<Batch> {
        match self.send(&mut batch).await {
            Ok(receipts) => {
                accept(batch, &receipts);
                self.wake.notify_one();
                Vec::new()
            }
            Err(fault @ (Fault::Unavailable(_) | Fault::Lost(_))) => refuse(batch, &fault),
            Err(fault) if batch.members.len() == 1 => refuse(batch, &fault),
            Err(_) => halves(batch),
        }
    }

    /// Sends until there is an answer.
    async fn send(&mut self, batch: &mut Batch) -> Result<Vec<Receipt>, Fault> {
        let mut deadlocks = 0;
        loop {
            let patience = (!batch.resent).then_some(PATIENCE);
            self.line.reconnected(patience).await?;
            match self.attempt(batch).await {
                Err(Fault::Lost(reason)) => {
                    tracing::warn!(reason, appends = batch.members.len(), "connection lost: the same is sent again");
                    self.columns.clear();
                    batch.resent = true;
                }
                // What became of the first sending is still unknown, so nobody can be answered.
                Err(Fault::Unavailable(reason)) if batch.resent => {
                    tracing::warn!(reason, appends = batch.members.len(), "refused for now: the same is sent again");
                    sleep(PAUSE).await;
                }
                Err(Fault::Contended) if deadlocks < DEADLOCKS => deadlocks += 1,
                other => return other,
            }
        }
    }

    async fn attempt(&mut self, batch: &Batch) -> Result<Vec<Receipt>, Fault> {
        let appends: Vec<_> = batch.members.iter().map(|job| &job.work).collect();
        let columns = &mut self.columns;
        let first = self.line.run(async |connection| append(connection, &appends, columns).await).await;
        let mut receipts = match first {
            // Alone and resent: the holder of that sequence number may be our own first sending.
            Err(Fault::Conflict) if batch.resent && appends.len() == 1 => Vec::new(),
            other => other?,
        };
        if batch.resent {
            let there: HashSet<_> =
                receipts.iter().map(|r| (r.aggregate_type.as_str(), r.aggregate_id.as_str())).collect();
            let missing: Vec<_> = appends.into_iter().filter(|append| !there.contains(&append.key())).collect();
            receipts.extend(self.line.run(async |connection| own(connection, &missing).await).await?);
        }
        Ok(receipts)
    }
}

/// Batches in which no stream occurs twice, first come in the last one.
fn by_stream(jobs: Vec<Waiting>) -> Vec<Batch> {
    let mut rounds: Vec<Vec<Waiting>> = Vec::new();
    let mut seen: HashMap<(&'static str, String), usize> = HashMap::new();
    for job in jobs {
        let round = seen.entry((job.work.aggregate_type, job.work.id.clone())).or_default();
        match rounds.get_mut(*round) {
            Some(members) => members.push(job),
            None => rounds.push(vec![job]),
        }
        *round += 1;
    }
    rounds.into_iter().rev().map(|members| Batch { members, resent: false }).collect()
}

fn halves(mut batch: Batch) -> Vec<Batch> {
    let resent = batch.resent;
    let second = batch.members.split_off(batch.members.len() / 2);
    vec![Batch { members: second, resent }, Batch { members: batch.members, resent }]
}

/// Tells each member its position, or that its stream had moved on or its guard did not hold. Nobody may be listening any more.
fn accept(batch: Batch, receipts: &[Receipt]) {
    let mut last: HashMap<(&str, &str), i64> = HashMap::new();
    for receipt in receipts {
        let position = last.entry((&receipt.aggregate_type, &receipt.aggregate_id)).or_default();
        *position = receipt.position.max(*position);
    }
    for job in batch.members {
        let position = match last.get(&job.work.key()) {
            Some(0) => Err(Fault::Overtaken),
            Some(position) => Ok(*position),
            None => Err(Fault::Conflict),
        };
        job.answer.send(position).ok();
    }
}

fn refuse(batch: Batch, fault: &Fault) -> Vec<Batch> {
    for job in batch.members {
        job.answer.send(Err(fault.clone())).ok();
    }
    Vec::new()
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Self {
        Self::Refused(error)
    }
}
