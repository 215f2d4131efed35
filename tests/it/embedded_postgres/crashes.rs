//! What is killed, and how the next start deals with it.

use super::{connect, data, kept, postmaster, process::Other, used};
use argus::{
    database::{
        Connections,
        embedded::{Embedded, Purpose},
    },
    read,
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{fs, time::Duration};

fn kill_9(pid: i32) {
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
}

#[tokio::test]
async fn a_server_whose_parent_was_killed_is_adopted_and_stopped() {
    let config = used();
    let other = Other::serve(&config);
    let pid = postmaster(&config);
    other.kill();
    let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
    assert_eq!(postmaster(&config), pid);
    assert_eq!(kept(&embedded).await, 1);
    embedded.stop().await;
    assert!(!data(&config).join("postmaster.pid").exists());
}

#[tokio::test]
async fn after_a_crash_of_everything_the_data_is_recovered() {
    let config = used();
    let other = Other::serve(&config);
    let pid = postmaster(&config);
    other.kill();
    kill_9(pid);
    // Where pid 1 does not reap, the killed server is a zombie now, and its lock files name a process that "exists".
    let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
    assert_ne!(postmaster(&config), pid);
    assert_eq!(kept(&embedded).await, 1);
    embedded.stop().await;
}

#[tokio::test]
async fn a_server_that_was_killed_is_started_again_and_reads_go_on() {
    let config = used();
    let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
    let connections = Connections::new(embedded.options(), 2);
    let first = postmaster(&config);
    for _ in 0..2 {
        kill_9(postmaster(&config));
        // One read waits a second for the restart, which is enough unless the machine is busy.
        let mut value: Result<i32, sqlx::Error> = Err(sqlx::Error::PoolTimedOut);
        for _ in 0..20 {
            value = read!(connections, |c| sqlx::query_scalar("SELECT value FROM kept").fetch_one(c));
            if value.is_ok() {
                break;
            }
        }
        assert_eq!(value.unwrap(), 1);
    }
    assert_ne!(postmaster(&config), first);
    connections.close().await;
    embedded.stop().await;
}

#[tokio::test]
async fn a_stale_pid_file_that_names_another_process_is_removed() {
    let config = used();
    let pidfile = data(&config).join("postmaster.pid");
    for stale in [format!("{}\n{}\n", std::process::id(), data(&config).display()), String::new()] {
        fs::write(&pidfile, stale).unwrap();
        let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
        assert_eq!(kept(&embedded).await, 1);
        embedded.stop().await;
    }
}

#[tokio::test]
async fn a_handle_that_is_dropped_stops_its_server() {
    let config = used();
    let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
    drop(connect(&embedded).await);
    drop(embedded);
    for _ in 0..200 {
        if !data(&config).join("postmaster.pid").exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unreachable!("the server still runs");
}
