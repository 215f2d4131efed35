//! A file with a line for each event.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{eventually, log, reason, server_with, sinks, standing, told};
use crate::support::{
    directory::tell,
    postgres::{fresh, scratch},
    server::{HOME, TestServer},
    sessions,
};
use aggregates::user::UserCommand;
use serde_json::Value;
use sqlx::Executor;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn settings(path: &Path) -> String {
    format!("[sinks.feed]\ntype = 'jsonl'\npath = '{}'\n", path.display())
}

fn feed() -> PathBuf {
    scratch().join("feed.jsonl")
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The lines, once there are so many.
async fn lines_of(path: &Path, count: usize) -> Vec<Value> {
    eventually("all is told", async || Some(lines(path)).filter(|lines| lines.len() >= count)).await
}

#[tokio::test]
async fn a_sink_that_cannot_be_reached_stands_still_says_so_and_misses_nothing() {
    let path = scratch().join("not yet").join("feed.jsonl");
    let server = server_with(&settings(&path)).await;
    let before = reason(&server, "failing").await;
    assert!(before.contains("feed.jsonl") && before.contains("No such file"), "{before}");
    let standing_still = standing(&server).await;
    assert_eq!((standing_still.position, standing_still.reached_at), (0, None));
    assert_eq!(standing_still.behind, i64::try_from(log(&server.at).await.len()).unwrap());
    let metrics = server.get("/metrics").await.text();
    assert!(metrics.contains("argus_follower_stands_still{follower=\"sink:feed\"} 1"), "{metrics}");
    fs::create_dir(path.parent().unwrap()).unwrap();
    let log = log(&server.at).await;
    assert_eq!(told(&lines_of(&path, log.len()).await), log);
    let going = eventually("it is live again", async || {
        Some(standing(&server).await).filter(|standing| standing.status == "live")
    })
    .await;
    assert_eq!((going.behind, going.error), (0, None));
    assert!(going.reached_at.is_some());
}

#[tokio::test]
async fn every_event_is_told_once_in_the_order_of_the_log() {
    let path = feed();
    let server = server_with(&settings(&path)).await;
    sessions::start(&server.idp, server.directory.alice, HOME).await;
    tell(&server.idp, server.directory.bob, UserCommand::Block).await;
    let log = log(&server.at).await;
    let lines = lines_of(&path, log.len()).await;
    assert_eq!(told(&lines), log);
    let ids: BTreeSet<_> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), lines.len());
    let last = lines.last().unwrap();
    assert_eq!((last["type"].as_str(), last["source"].as_str()), (Some("user.blocked"), Some("https://idp.example")));
    let metrics = server.get("/metrics").await.text();
    assert!(metrics.contains("argus_follower_position{follower=\"sink:feed\"} "), "{metrics}");
}

#[tokio::test]
async fn a_sink_with_a_filter_is_told_of_nothing_else() {
    let path = feed();
    let settings = settings(&path) + "events = ['session.*', 'user.blocked']\n";
    let server = server_with(&settings).await;
    tell(&server.idp, server.directory.bob, UserCommand::Block).await;
    tell(&server.idp, server.directory.bob, UserCommand::Unblock).await;
    sessions::start(&server.idp, server.directory.alice, HOME).await;
    let lines = lines_of(&path, 2).await;
    let types: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["user.blocked", "session.started"]);
}

#[tokio::test]
async fn what_was_dropped_before_a_sink_was_new_is_not_missed_but_what_is_dropped_later_is() {
    let at = fresh();
    let drop = |partition, age, position| {
        format!(
            "INSERT INTO dropped_ranges (partition, aggregate_type, first_position, last_position, events, tree_size, root,
                note, dropped_at)
             VALUES ('{partition}', 'grant', 1, {position}, 1, 1, '', '', now() {age})"
        )
    };
    let taken = "SELECT setval(pg_get_serial_sequence('events', 'position'), 3);";
    let before = format!("{taken} {}", drop("before", "- interval '1 minute'", 3));
    at.owner().await.execute(before.as_str()).await.unwrap();
    let path = feed();
    let mut config = at.config();
    config.sinks = sinks(&settings(&path));
    let server = TestServer::start_on(at, config).await;
    let log = log(&server.at).await;
    assert_eq!(told(&lines_of(&path, log.len()).await), log);
    server.at.owner().await.execute(drop("after", "+ interval '1 minute'", 1_000_000).as_str()).await.unwrap();
    assert!(reason(&server, "failing").await.contains("dropped"));
}
