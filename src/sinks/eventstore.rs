//! EventStoreDB and KurrentDB: each stream of the log is a stream `{type}-{id}` there, event for event. An event is appended at the
//! exact revision that it has here, under the same id, so sending it again changes nothing.

use super::cloud_event::{Told, stream};
use crate::{config::EventStoreConfig, event_store::follow::Undelivered};
use kurrentdb::{
    AppendToStreamOptions, Client, ClientSettings, Error, EventData, ReadStreamOptions, StreamPosition, StreamState,
};
use serde_json::Value;
use std::{fmt::Display, time::Duration};
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A database, connected to when it is first needed. A client that has lost its server is of no use any more, so it is made anew.
pub(super) struct EventStoreDb {
    settings: ClientSettings,
    client: Option<Client>,
}

impl EventStoreDb {
    pub(super) fn new(config: &EventStoreConfig) -> Result<Self, String> {
        let url = config.url.as_ref().ok_or("it has no url")?;
        // What the parser says quotes the text, which may hold a password.
        let settings = url.expose().parse().map_err(|_| "its url is not a connection string".to_owned())?;
        Ok(Self { settings, client: None })
    }

    /// Appends one event.
    pub(super) async fn append(&mut self, told: &Told<'_>) -> Result<(), Undelivered> {
        let client = match self.client.take() {
            Some(client) => client,
            None => Client::new(self.settings.clone()).map_err(for_now)?,
        };
        let appended = timeout(PATIENCE, append(&client, told)).await;
        appended.map_err(|_| for_now("no answer in time"))??;
        self.client = Some(client);
        Ok(())
    }
}

async fn append(client: &Client, told: &Told<'_>) -> Result<(), Undelivered> {
    let revision = u64::try_from(told.recorded.sequence - 1).map_err(for_now)?;
    let expected = revision.checked_sub(1).map_or(StreamState::NoStream, StreamState::StreamRevision);
    let options = AppendToStreamOptions::default().stream_state(expected);
    match client.append_to_stream(stream(told.recorded), &options, event_data(told)?).await {
        Ok(_) => Ok(()),
        Err(Error::WrongExpectedVersion { .. }) => is_there(client, told, revision).await,
        Err(error) => Err(for_now(error)),
    }
}

fn event_data(told: &Told<'_>) -> Result<EventData, Undelivered> {
    // The payload is the event; the rest of the CloudEvent is what is around it.
    let mut around = told.event.clone();
    let payload = around.get_mut("data").and_then(Value::as_object_mut).and_then(|data| data.remove("payload"));
    let data = EventData::json(&told.recorded.event_type, &payload).map_err(for_now)?;
    Ok(data.metadata_as_json(&around).map_err(for_now)?.id(told.id))
}

/// The stream is not as it is here: because this very event is in its place already, or because somebody else wrote to it.
async fn is_there(client: &Client, told: &Told<'_>, revision: u64) -> Result<(), Undelivered> {
    let options = ReadStreamOptions::default().position(StreamPosition::Position(revision)).max_count(1);
    let mut read = client.read_stream(stream(told.recorded), &options).await.map_err(for_now)?;
    let found = match read.next().await {
        Ok(found) => found,
        Err(Error::ResourceNotFound) => None,
        Err(error) => return Err(for_now(error)),
    };
    let found = found.map(|found| (found.get_original_event().revision, found.get_original_event().id));
    if found == Some((revision, told.id)) {
        return Ok(());
    }
    let stream = stream(told.recorded);
    Err(Undelivered::ForGood(format!(
        "stream {stream} has something else, or nothing, before or at revision {revision}"
    )))
}

fn for_now(problem: impl Display) -> Undelivered {
    Undelivered::ForNow(problem.to_string())
}
