//! A message for each event, in a stream of NATS JetStream.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    nats_server::NatsServer,
    support::{eventually, log, reason, server_with, told},
};
use crate::support::{
    directory::tell,
    server::{HOME, TestServer},
    sessions,
};
use aggregates::user::UserCommand;
use std::collections::BTreeSet;

fn settings(nats: &NatsServer) -> String {
    format!("[sinks.feed]\ntype = 'nats'\nurl = '{}'\n", nats.url())
}

/// Everything is there, once, in order, under its type and its id.
async fn has_all(nats: &NatsServer, server: &TestServer) {
    let log = log(&server.at).await;
    let messages =
        eventually("all is told", async || Some(nats.messages().await).filter(|messages| messages.len() >= log.len()))
            .await;
    let events: Vec<_> = messages.iter().map(|(_, _, event)| event.clone()).collect();
    assert_eq!(told(&events), log);
    for (subject, id, event) in &messages {
        assert_eq!(subject, &format!("argus.{}", event["type"].as_str().unwrap()));
        assert_eq!(id, event["id"].as_str().unwrap());
    }
    assert_eq!(messages.iter().map(|(_, id, _)| id).collect::<BTreeSet<_>>().len(), messages.len());
}

#[tokio::test]
async fn without_a_server_or_a_stream_it_stands_still_and_misses_nothing() {
    let mut nats = NatsServer::start();
    nats.kill();
    let server = server_with(&settings(&nats)).await;
    let away = reason(&server, "failing").await;
    assert!(away.contains("IO error"), "{away}");
    nats.again();
    eventually("it says that no stream takes it", async || {
        Some(reason(&server, "failing").await).filter(|reason| reason.contains("no stream"))
    })
    .await;
    nats.make_stream().await;
    has_all(&nats, &server).await;
}

#[tokio::test]
async fn a_server_that_is_killed_and_comes_back_has_everything_once() {
    let mut nats = NatsServer::start().with_stream().await;
    let server = server_with(&settings(&nats)).await;
    for round in 0..3 {
        for _ in 0..10 {
            sessions::start(&server.idp, server.directory.alice, HOME).await;
        }
        nats.kill();
        tell(&server.idp, server.directory.bob, if round % 2 == 0 { UserCommand::Block } else { UserCommand::Unblock })
            .await;
        nats.again();
    }
    has_all(&nats, &server).await;
}
