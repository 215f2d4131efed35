//! The definitions lane: rare, interlocking changes, one transaction at a time in the whole cluster.
//!
//! The lock is taken by a statement of its own, so that every later statement sees what the previous holder committed. Then
//! position order is commit order, and uniqueness and cycles are decided on facts. Inline read models change in the same
//! transaction.

use super::{
    Committed, Context, EventStore, ExecuteError, Loaded, StorageError,
    append::{Append, Receipt, append},
    error::Fault,
    execute::{Decided, decide},
    line::{Line, answered},
    loader::load,
    record::recorded,
    stream::decode_stream,
};
use cqrs_es::Aggregate;
use projections::{Mode, READ_MODELS, ReadModel};
use sqlx::{Executor, PgConnection};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedMutexGuard, OwnedSemaphorePermit},
    time::{sleep, timeout},
};
use uuid::Uuid;

/// Begins a transaction that holds the advisory lock of all writers of definitions. One round trip, two statements, so that
/// what follows has a snapshot taken under the lock.
pub(super) const BEGIN: &str = "BEGIN; SELECT pg_advisory_xact_lock(7206001)";
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two attempts to find out what became of a commit.
const PAUSE: Duration = Duration::from_millis(50);

/// An open transaction that holds the lane. Dropped without [`DefinitionLane::commit`], nothing has happened.
pub struct DefinitionLane {
    connection: PgConnection,
    /// Of this node; the connection goes back into it.
    line: OwnedMutexGuard<Line>,
    store: EventStore,
    /// The last thing that was recorded here, by which an unanswered commit is looked up.
    last: Option<Append>,
    /// Of bulk work: this node's only turn.
    _turn: Option<OwnedSemaphorePermit>,
}

impl EventStore {
    /// Waits for the lane and begins a transaction.
    ///
    /// # Errors
    /// `Busy` when others hold the lane for too long; `Unavailable`.
    pub async fn definitions(&self) -> Result<DefinitionLane, StorageError> {
        let mut line = timeout(PATIENCE, self.lane()).await.map_err(|_| StorageError::Busy)?;
        let connection = match begin(&mut line).await {
            Err(Fault::Lost(_)) => {
                line.reconnected(Some(PATIENCE)).await?;
                begin(&mut line).await
            }
            other => other,
        }?;
        Ok(DefinitionLane { connection, line, store: self.clone(), last: None, _turn: None })
    }

    /// The same for what changes much at once. Of such work one has its turn on this node, so that whatever is short, like shutting
    /// somebody out, waits for one of it at most, however much of it there is.
    ///
    /// # Errors
    /// As [`EventStore::definitions`]; `Busy` also when other bulk work goes on for too long.
    pub async fn definitions_in_bulk(&self) -> Result<DefinitionLane, StorageError> {
        let turn = timeout(PATIENCE, Arc::clone(self.bulk()).acquire_owned()).await;
        let turn = turn.ok().and_then(Result::ok).ok_or(StorageError::Busy)?;
        Ok(DefinitionLane { _turn: Some(turn), ..self.definitions().await? })
    }
}

async fn begin(line: &mut Line) -> Result<PgConnection, Fault> {
    let mut connection = line.take().await?;
    answered(async { Ok(connection.execute(BEGIN).await?) }).await?;
    Ok(connection)
}

impl DefinitionLane {
    /// The transaction's connection, to look up the facts of a decision.
    pub const fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Carries out a command and brings the inline read models up to date. May be called for several aggregates; after an
    /// error other than `Refused` the lane can only be dropped.
    ///
    /// # Errors
    /// `Refused` by the rules; `Unexplained` without a reason where one is required; `Storage(Constraint)` by a read model; `Storage` otherwise.
    pub async fn execute<A: Aggregate<Services = ()>>(
        &mut self,
        id: Uuid,
        command: A::Command,
        context: &Context,
    ) -> Result<Committed<A>, ExecuteError<A::Error>> {
        let loaded = self.load::<A>(id).await?;
        let Decided { after, expected, events } = decide(loaded, command).await.map_err(ExecuteError::Refused)?;
        let mut position = 0;
        if !events.is_empty() {
            if context.reason.is_none() && self.store.reasons.covers(A::TYPE) {
                return Err(ExecuteError::Unexplained);
            }
            let metadata = self.store.metadata(context);
            let given = Append::new((A::TYPE, after.id), expected, &events, &metadata, None)?;
            position = self.record(given, &metadata).await?;
        }
        Ok(Committed { events, aggregate: after.aggregate, sequence: after.sequence, position })
    }

    /// The current state of an aggregate, with what this transaction has done to it.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn load<A: Aggregate>(&mut self, id: Uuid) -> Result<Loaded<A>, StorageError> {
        let id = id.to_string();
        let mut streams = load(&mut self.connection, &[(A::TYPE, &id)]).await?;
        let rows = streams.remove(&1).unwrap_or_default();
        decode_stream(id, rows)
    }

    /// Makes it final. When the answer is lost, the log is asked what became of it.
    ///
    /// # Errors
    /// Nothing has happened then.
    pub async fn commit(mut self) -> Result<(), StorageError> {
        // COMMIT of a failed transaction "succeeds" as a rollback; a SELECT before it does not.
        let outcome = answered(async { Ok(self.connection.execute("SELECT 1; COMMIT").await?) }).await;
        match (outcome, self.last) {
            (Ok(_), _) => self.line.put_back(self.connection),
            (Err(Fault::Lost(reason)), Some(last)) => {
                drop(self.connection);
                was_recorded(&mut self.line, &last, reason).await?;
            }
            (Err(fault), _) => return Err(fault.into()),
        }
        self.store.watcher().wake();
        Ok(())
    }

    async fn record(&mut self, given: Append, metadata: &HashMap<String, String>) -> Result<i64, Fault> {
        let receipts = append(&mut self.connection, &[&given], &mut Vec::new()).await?;
        let events = recorded(&given, &receipts, metadata)?;
        let position = events.last().map(|event| event.position).ok_or(Fault::Conflict)?;
        for model in READ_MODELS.iter().filter(|model| is_inline(model, given.aggregate_type)) {
            let applied = (model.apply)(&mut self.connection, &events, self.store.unseal()).await;
            applied.map_err(super::record::fault)?;
        }
        self.last = Some(given);
        Ok(position)
    }
}

fn is_inline(model: &ReadModel, aggregate_type: &str) -> bool {
    model.mode == Mode::Inline && model.feeds.contains(&aggregate_type)
}

/// Finds out whether a commit without an answer took place, however long that takes: an error says that it did not.
async fn was_recorded(line: &mut Line, last: &Append, reason: String) -> Result<(), Fault> {
    loop {
        match look_up(line, last).await {
            Ok(true) => return Ok(()),
            Ok(false) => return Err(Fault::Unavailable(reason)),
            Err(fault) => tracing::warn!(?fault, "what became of a commit is still unknown"),
        }
        sleep(PAUSE).await;
    }
}

/// The lane's lock is free only when the lost transaction has ended.
async fn look_up(line: &mut Line, last: &Append) -> Result<bool, Fault> {
    line.reconnected(None).await?;
    let mut connection = begin(line).await?;
    let receipts: Vec<Receipt> = super::append::own(&mut connection, &[last]).await?;
    connection.execute("COMMIT").await?;
    line.put_back(connection);
    Ok(!receipts.is_empty())
}

impl EventStore {
    async fn lane(&self) -> OwnedMutexGuard<Line> {
        Arc::clone(self.lane_line()).lock_owned().await
    }
}
