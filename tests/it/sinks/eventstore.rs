//! Streams in an EventStoreDB or KurrentDB, event for event.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    stream_server::{Appended, StreamServer, Trouble},
    support::{eventually, log, reason, server_with, standing},
};
use crate::support::{
    server::{HOME, TestServer},
    sessions,
};
use rustls::crypto::aws_lc_rs;
use std::collections::BTreeMap;

fn settings(database: &StreamServer) -> String {
    format!("[sinks.feed]\ntype = 'eventstore'\nurl = '{}'\n", database.url)
}

/// The types of the events of every stream of the log.
async fn expected(server: &TestServer) -> BTreeMap<String, Vec<String>> {
    let mut streams = BTreeMap::<_, Vec<_>>::new();
    for (_, event_type, stream) in log(&server.at).await {
        streams.entry(stream).or_default().push(event_type);
    }
    streams
}

/// The same of what was appended, once it is all there.
async fn has_all(database: &StreamServer, server: &TestServer) -> BTreeMap<String, Vec<Appended>> {
    eventually("all is told", async || Some(standing(server).await).filter(|standing| standing.behind == 0)).await;
    let streams = database.streams();
    let types = |events: &Vec<Appended>| events.iter().map(|event| event.event_type.clone()).collect();
    let told: BTreeMap<_, Vec<_>> = streams.iter().map(|(name, events)| (name.clone(), types(events))).collect();
    assert_eq!(told, expected(server).await);
    streams
}

#[tokio::test]
async fn a_stream_that_somebody_else_writes_to_stops_the_sink() {
    let database = StreamServer::start(Trouble::SomebodyElse).await;
    let server = server_with(&settings(&database)).await;
    let why = reason(&server, "stopped").await;
    assert!(why.contains(&format!("stream {}", log(&server.at).await[0].2)), "{why}");
    assert!(database.streams().values().all(|stream| stream.len() == 1), "nothing was appended");
}

#[tokio::test]
async fn what_is_no_connection_string_stops_the_start_and_is_not_repeated() {
    let settings = super::support::sinks("[sinks.feed]\ntype = 'eventstore'\nurl = 'hunter2'");
    let bench = TestServer::start().await;
    let mut config = bench.idp.config.clone();
    config.sinks = settings;
    let refused = argus::sinks::start(&config, &bench.idp.store, &bench.idp.clock).await.err().unwrap().to_string();
    assert!(refused.starts_with("sinks.feed: ") && !refused.contains("hunter2"), "{refused}");
}

#[tokio::test]
async fn every_stream_is_there_also_where_the_program_has_chosen_its_tls_before() {
    aws_lc_rs::default_provider().install_default().ok();
    let database = StreamServer::start(Trouble::None).await;
    let server = server_with(&settings(&database)).await;
    sessions::start(&server.idp, server.directory.alice, HOME).await;
    let streams = has_all(&database, &server).await;
    let (name, session) = streams.iter().find(|(name, _)| name.starts_with("session-")).unwrap();
    let started = session.first().unwrap();
    assert!(started.data["started"]["user"].is_string() && started.data["started"]["token"].is_null());
    assert_eq!(started.metadata["subject"].as_str(), Some(name.as_str()));
    assert_eq!(started.metadata["id"].as_str(), Some(started.id.to_string().as_str()));
    assert!(started.metadata["data"].get("payload").is_none());
}

#[tokio::test]
async fn what_was_appended_without_an_answer_is_not_appended_again() {
    let database = StreamServer::start(Trouble::LostAnswers).await;
    let server = server_with(&settings(&database)).await;
    has_all(&database, &server).await;
    assert_eq!(standing(&server).await.status, "live");
}
