//! First start, stop and restart.

use super::{config, connect, copy, data, kept, setting, used};
use crate::support::postgres::scratch;
use argus::database::embedded::{Embedded, Purpose};
use std::{fs, path::Path};

#[tokio::test]
async fn a_first_start_makes_a_cluster_that_loses_nothing() {
    let config = config(&scratch().join("below/argus"));
    let killed = config.data_dir.join("postgres/data.init-1");
    fs::create_dir_all(&killed).unwrap();
    let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
    for name in ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"] {
        assert_eq!(setting(&embedded, name).await, "on", "{name}");
    }
    assert_eq!(setting(&embedded, "max_connections").await, "20");
    assert_eq!(setting(&embedded, "shared_buffers").await, "16MB");
    let (user, database): (String, String) = sqlx::query_as("SELECT current_user::text, current_database()::text")
        .fetch_one(&mut connect(&embedded).await)
        .await
        .unwrap();
    assert_eq!((user.as_str(), database.as_str()), ("argus", "argus"));
    embedded.stop().await;
    assert!(!data(&config).join("postmaster.pid").exists());
    assert!(!killed.exists(), "what a killed initdb left is removed");
}

#[tokio::test]
async fn a_restart_finds_what_was_stored() {
    let config = used();
    for _ in 0..2 {
        let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
        assert_eq!(kept(&embedded).await, 1);
        embedded.stop().await;
    }
}

#[tokio::test]
async fn stopping_twice_is_stopping_once() {
    let embedded = Embedded::open(&used(), Purpose::Server).await.unwrap();
    embedded.stop().await;
    embedded.stop().await;
}

#[tokio::test]
async fn a_data_directory_with_a_long_path_has_its_socket_elsewhere() {
    let dir = scratch().join("a-rather-long-name-".repeat(6));
    fs::create_dir(&dir).unwrap();
    copy(&dir);
    let embedded = Embedded::open(&config(&dir), Purpose::Server).await.unwrap();
    let options = embedded.options();
    let socket_dir: &Path = options.get_socket().unwrap();
    assert!(!socket_dir.starts_with(&dir) && socket_dir.exists());
    assert_eq!(kept(&embedded).await, 1);
    embedded.stop().await;
    assert!(!socket_dir.exists());
}

#[tokio::test]
async fn a_log_that_has_grown_is_moved_away() {
    let config = used();
    let log = config.data_dir.join("postgres/postgres.log");
    fs::write(&log, vec![b'.'; 11 * 1024 * 1024]).unwrap();
    let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
    assert!(fs::metadata(&log).unwrap().len() < 100_000);
    assert!(fs::metadata(log.with_extension("log.1")).unwrap().len() > 10_000_000);
    embedded.stop().await;
}
