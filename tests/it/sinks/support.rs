//! A server with sinks, what they were told, and how they are doing.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::support::{postgres::TestDatabase, server::TestServer};
use argus::{
    config::{Config, SinksConfig},
    event_store::follow::{SinkStanding, sink_standing},
};
use serde_json::Value;
use std::time::Duration;
use tokio::time::sleep;

/// How often a condition is looked at before a test gives up: 20 seconds.
const LOOKS: usize = 1000;

/// Sinks as they stand in a file of settings.
pub(crate) fn sinks(toml: &str) -> SinksConfig {
    Config::from_sources(toml, []).map_err(|error| error.to_string()).ok().unwrap().sinks
}

/// A server with these sinks.
pub(crate) async fn server_with(toml: &str) -> TestServer {
    let sinks = sinks(toml);
    TestServer::start_with(|config| config.sinks = sinks).await
}

/// Waits until there is an answer.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..LOOKS {
        if let Some(found) = look().await {
            return found;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to it that {what}")
}

/// How the sink `feed` is doing.
pub(crate) async fn standing(server: &TestServer) -> SinkStanding {
    sink_standing(&mut server.at.owner().await, "feed", &[]).await.unwrap().unwrap()
}

/// The reason why the sink `feed` stands still, once it does.
pub(crate) async fn reason(server: &TestServer, status: &str) -> String {
    eventually("the sink stands still", async || {
        let standing = standing(server).await;
        standing.error.filter(|_| standing.status == status)
    })
    .await
}

/// An event as a sink is told of it: sequence, type, stream.
pub(crate) type Told = (String, String, String);

/// The log as sinks are told of it, in order.
pub(crate) async fn log(at: &TestDatabase) -> Vec<Told> {
    sqlx::query_as(
        "SELECT lpad(position::text, 19, '0'), event_type, aggregate_type || '-' || aggregate_id
         FROM events ORDER BY position",
    )
    .fetch_all(&mut at.owner().await)
    .await
    .unwrap()
}

/// The same of CloudEvents.
pub(crate) fn told(events: &[Value]) -> Vec<Told> {
    let text = |event: &Value, key: &str| event[key].as_str().unwrap().to_owned();
    events.iter().map(|event| (text(event, "sequence"), text(event, "type"), text(event, "subject"))).collect()
}
