//! Commands of the traffic lane: load, decide, append; again on fresh state when others were faster.

use super::{
    Committed, Context, EventStore, ExecuteError, Loaded, StorageError, append::Append, error::Fault,
    stream::decode_stream,
};
use cqrs_es::{Aggregate, event_sink::EventSink};
use projections::guard::Guard;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// How often a command is decided before it is a conflict.
const TRIES: usize = 5;

/// An aggregate of the traffic lane: many independent streams, appended in batches.
pub trait Traffic: Aggregate<Services = (), Command: Clone> {
    /// The aggregate's row of the table `sessions` after event `sequence`, as a JSON object of its columns; `id` and
    /// `sequence` are filled in. `None` for an aggregate whose stream is its only state.
    fn inline_row(&self, id: &str, sequence: i64) -> Option<Value>;
}

impl EventStore {
    /// Carries out the first command of a stream whose id was just made: nothing is loaded.
    ///
    /// # Errors
    /// `Refused` by the rules; `Conflict` when the id is taken; `Storage`.
    pub async fn create<A: Traffic>(
        &self,
        id: Uuid,
        command: A::Command,
        context: &Context,
    ) -> Result<Committed<A>, ExecuteError<A::Error>> {
        self.create_while(None, id, command, context).await
    }

    /// The same, if the guard holds at the moment of the append.
    ///
    /// # Errors
    /// As [`EventStore::create`]; `Overtaken` when the guard does not hold.
    pub async fn create_while<A: Traffic>(
        &self,
        guard: Option<&Guard>,
        id: Uuid,
        command: A::Command,
        context: &Context,
    ) -> Result<Committed<A>, ExecuteError<A::Error>> {
        let terms = Terms { metadata: &self.metadata(context), guard };
        let decided = decide(Loaded::new(id.to_string()), command).await.map_err(ExecuteError::Refused)?;
        Ok(self.record(decided, terms).await?)
    }

    /// Carries out a command on a stream.
    ///
    /// # Errors
    /// `Refused` by the rules on the current state; `Conflict` after five tries; `Storage`.
    pub async fn execute<A: Traffic>(
        &self,
        id: Uuid,
        command: A::Command,
        context: &Context,
    ) -> Result<Committed<A>, ExecuteError<A::Error>> {
        let id = id.to_string();
        let _turn = self.streams().turn(&id).await;
        let terms = Terms { metadata: &self.metadata(context), guard: None };
        self.execute_fresh(&id, command, terms, TRIES).await
    }

    /// The same, for what somebody does of their own accord.
    ///
    /// # Errors
    /// As [`EventStore::execute`]; `Unexplained` without a reason where one is required.
    pub async fn execute_explained<A: Traffic>(
        &self,
        id: Uuid,
        command: A::Command,
        context: &Context,
    ) -> Result<Committed<A>, ExecuteError<A::Error>> {
        if context.reason.is_none() && self.reasons.covers(A::TYPE) {
            return Err(ExecuteError::Unexplained);
        }
        self.execute(id, command, context).await
    }

    /// The same as [`EventStore::execute`], first on what the request has read already. That may be old: it is enough to accept, as
    /// the append proves it current; anything else is decided again on a fresh load.
    ///
    /// # Errors
    /// As [`EventStore::execute`].
    pub async fn execute_on<A: Traffic>(
        &self,
        loaded: Loaded<A>,
        command: A::Command,
        context: &Context,
    ) -> Result<Committed<A>, ExecuteError<A::Error>> {
        self.execute_on_while(None, loaded, command, context).await
    }

    /// The same, if the guard holds at the moment of the append. What records nothing is not guarded.
    ///
    /// # Errors
    /// As [`EventStore::execute`]; `Overtaken` when the guard does not hold.
    pub async fn execute_on_while<A: Traffic>(
        &self,
        guard: Option<&Guard>,
        loaded: Loaded<A>,
        command: A::Command,
        context: &Context,
    ) -> Result<Committed<A>, ExecuteError<A::Error>> {
        let id = loaded.id.clone();
        let _turn = self.streams().turn(&id).await;
        let terms = Terms { metadata: &self.metadata(context), guard };
        if let Ok(decided) = decide(loaded, command.clone()).await
            && !decided.events.is_empty()
        {
            match self.record(decided, terms).await {
                Err(Fault::Conflict) => {}
                outcome => return Ok(outcome?),
            }
        }
        self.execute_fresh(&id, command, terms, TRIES - 1).await
    }

    /// The current state of a stream; the default of `A` when it has no events.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn load<A: Aggregate>(&self, id: Uuid) -> Result<Loaded<A>, StorageError> {
        self.load_stream(id.to_string()).await
    }

    pub(super) async fn load_stream<A: Aggregate>(&self, id: String) -> Result<Loaded<A>, StorageError> {
        let rows = self.loader().load(A::TYPE, id.clone()).await?;
        decode_stream(id, rows)
    }

    async fn execute_fresh<A: Traffic>(
        &self,
        id: &str,
        command: A::Command,
        terms: Terms<'_>,
        tries: usize,
    ) -> Result<Committed<A>, ExecuteError<A::Error>> {
        for _ in 0..tries {
            let loaded = self.load_stream(id.to_owned()).await?;
            let decided = decide(loaded, command.clone()).await.map_err(ExecuteError::Refused)?;
            match self.record(decided, terms).await {
                Err(Fault::Conflict) => {}
                outcome => return Ok(outcome?),
            }
        }
        Err(ExecuteError::Conflict)
    }

    async fn record<A: Traffic>(&self, decided: Decided<A>, terms: Terms<'_>) -> Result<Committed<A>, Fault> {
        let Decided { after, expected, events } = decided;
        let position = self.append(&after, (expected, &events), terms).await?;
        Ok(Committed { events, aggregate: after.aggregate, sequence: after.sequence, position })
    }

    /// Hands events and the state after them to the appender; no events are no append, at position 0.
    pub(super) async fn append<A: Traffic>(
        &self,
        after: &Loaded<A>,
        (expected, events): (i64, &[A::Event]),
        Terms { metadata, guard }: Terms<'_>,
    ) -> Result<i64, Fault> {
        if events.is_empty() {
            return Ok(0);
        }
        let row = inline_row(after);
        let append = Append::new((A::TYPE, after.id.clone()), expected, events, metadata, row)?;
        self.appender().append(append.guarded(guard)?).await
    }
}

/// Beside which metadata, and under which condition, events are appended.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) metadata: &'a HashMap<String, String>,
    pub(super) guard: Option<&'a Guard>,
}

/// What a command would record.
pub(super) struct Decided<A: Aggregate> {
    pub(super) after: Loaded<A>,
    pub(super) expected: i64,
    pub(super) events: Vec<A::Event>,
}

/// Lets the aggregate decide; it is left in the state after its events.
pub(super) async fn decide<A: Aggregate<Services = ()>>(
    mut loaded: Loaded<A>,
    command: A::Command,
) -> Result<Decided<A>, A::Error> {
    let sink = EventSink::default();
    loaded.aggregate.handle(command, &(), &sink).await?;
    let (events, expected) = (sink.collect().await, loaded.sequence);
    loaded.sequence += i64::try_from(events.len()).unwrap_or(i64::MAX);
    Ok(Decided { after: loaded, expected, events })
}

fn inline_row<A: Traffic>(after: &Loaded<A>) -> Option<Value> {
    let mut row = after.aggregate.inline_row(&after.id, after.sequence)?;
    if let Some(columns) = row.as_object_mut() {
        columns.insert("id".to_owned(), json!(after.id));
        columns.insert("sequence".to_owned(), json!(after.sequence));
    }
    Some(row)
}
