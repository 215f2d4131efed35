//! NATS with JetStream: a message for each event, under its type, acknowledged by the stream. `Nats-Msg-Id` is the event's id, so
//! that what comes again within the stream's window for duplicates is dropped there.

use super::{
    cloud_event::{MEDIA_TYPE, Told},
    tls,
};
use crate::{config::NatsConfig, event_store::follow::Undelivered};
use async_nats::{
    ConnectOptions, HeaderMap,
    connection::State,
    jetstream::{self, Context},
};
use std::{fmt::Display, time::Duration};

/// How long connecting, and an acknowledgement, may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server, connected to when it is first needed. The connection then mends itself.
pub(super) struct Nats {
    config: NatsConfig,
    connected: Option<(async_nats::Client, Context)>,
}

impl Nats {
    pub(super) const fn new(config: NatsConfig) -> Self {
        Self { config, connected: None }
    }

    /// Publishes one event and waits until a stream has it.
    pub(super) async fn publish(&mut self, told: &Told<'_>) -> Result<(), Undelivered> {
        let context = self.context().await?;
        let subject = format!("{}.{}", self.config.subject, told.recorded.event_type);
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Msg-Id", told.id.to_string());
        headers.insert("Content-Type", MEDIA_TYPE);
        let sent = context.publish_with_headers(subject, headers, told.event.to_string().into()).await;
        sent.map_err(for_now)?.await.map_err(for_now)?;
        Ok(())
    }

    async fn context(&mut self) -> Result<Context, Undelivered> {
        if let Some((client, context)) = &self.connected {
            // Otherwise messages would pile up until the server is back.
            return match client.connection_state() {
                State::Connected => Ok(context.clone()),
                _ => Err(for_now("the connection to it is lost")),
            };
        }
        let client = connect(&self.config).await.map_err(for_now)?;
        let mut context = jetstream::new(client.clone());
        context.set_timeout(PATIENCE);
        self.connected = Some((client, context.clone()));
        Ok(context)
    }
}

async fn connect(config: &NatsConfig) -> Result<async_nats::Client, String> {
    let mut options =
        ConnectOptions::new().name("argus").connection_timeout(PATIENCE).tls_client_config(tls::client()?);
    if let Some(file) = &config.credentials_file {
        options = options.credentials_file(file).await.map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let url = config.url.as_ref().ok_or("it has no url")?;
    options.connect(url.expose()).await.map_err(|error| error.kind().to_string())
}

fn for_now(problem: impl Display) -> Undelivered {
    Undelivered::ForNow(problem.to_string())
}
