//! What a client once was: its recorded events, folded step by step.

use crate::{
    database::Connection,
    event_store::{Moment, StorageError, read_stream},
};
use aggregates::{
    client::{Client, ClientEvent, Definition, State},
    ids::ClientId,
};
use cqrs_es::Aggregate;
use projections::{
    Recorded,
    clients::{self, ClientRow, ClientView, PastClient},
};

/// One recorded event, and what the client was after it.
#[derive(Debug, Clone)]
pub struct Step {
    /// As it stands in the log.
    pub recorded: Recorded,
    /// What it says.
    pub event: ClientEvent,
    /// What it led to.
    pub after: Client,
}

/// Every step of a client, in order; never empty.
#[derive(Debug, Clone)]
pub struct History {
    id: ClientId,
    steps: Vec<Step>,
}

/// The steps that one command has made, of which there is at least one. The last one's number is the version that grants name.
pub type Version<'a> = &'a [Step];

impl History {
    /// Reads it; `None` for a client that there never was.
    ///
    /// # Errors
    /// The database's, or an event that cannot be read.
    pub async fn read(c: &mut Connection, id: ClientId) -> Result<Option<Self>, StorageError> {
        let mut client = Client::default();
        let mut steps = Vec::new();
        for recorded in read_stream(c, Client::TYPE, id.uuid()).await? {
            let event: ClientEvent = recorded.decode()?;
            client.apply(event.clone());
            steps.push(Step { recorded, event, after: client.clone() });
        }
        Ok((!steps.is_empty()).then_some(Self { id, steps }))
    }

    /// The versions that the client had, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = Version<'_>> {
        versions(&self.steps)
    }

    /// All that had happened by then; `None` when the client was not there yet, or the moment has not been.
    ///
    /// # Errors
    /// The database's.
    pub async fn until(&self, c: &mut Connection, moment: Moment) -> Result<Option<&[Step]>, StorageError> {
        let events = self.steps.iter().map(|step| step.recorded.position);
        let count = moment.count(c, events).await?;
        Ok(count.and_then(|count| self.steps.get(..count)).filter(|steps| !steps.is_empty()))
    }

    /// The client as it was then, now unless a moment is given, with the names of what it refers to.
    ///
    /// # Errors
    /// The database's.
    pub async fn view(&self, c: &mut Connection, moment: Option<Moment>) -> Result<Option<ClientView>, StorageError> {
        let steps = match moment {
            Some(moment) => self.until(c, moment).await?.unwrap_or_default(),
            None => &self.steps,
        };
        match self.past(steps) {
            Some(past) => Ok(Some(clients::view_past(c, &past).await?)),
            None => Ok(None),
        }
    }

    /// The client as it was after these steps of it; `None` without any.
    #[must_use]
    pub fn past(&self, steps: &[Step]) -> Option<PastClient> {
        let (first, last) = (steps.first()?, steps.last()?);
        let client = ClientRow {
            id: self.id,
            sequence: last.recorded.sequence,
            epoch: i32::try_from(last.after.epoch).unwrap_or(i32::MAX),
            deleted: last.after.definition().is_none(),
            definition: last.definition()?.clone(),
        };
        let said = |step: &Step| (step.recorded.at(), step.recorded.actor().to_owned());
        Some(PastClient { client, created: said(first), updated: said(last) })
    }
}

/// Steps by the command that made them.
pub(super) fn versions(steps: &[Step]) -> impl DoubleEndedIterator<Item = Version<'_>> {
    let command = |step: &Step| step.recorded.metadata.get("command_id").cloned();
    steps.chunk_by(move |one, next| command(one) == command(next))
}

impl Step {
    /// What the client was after it, or had been last.
    #[must_use]
    pub fn definition(&self) -> Option<&Definition> {
        match &self.after.state {
            State::NotStarted => None,
            State::Active(definition) | State::Deleted(definition) => Some(definition),
        }
    }
}
