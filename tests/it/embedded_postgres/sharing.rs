//! Commands beside a server, and beside each other.

use super::{kept, postmaster, process::Other, used};
use argus::database::{
    Database,
    embedded::{Embedded, Purpose},
};

#[tokio::test]
async fn a_command_joins_the_cluster_of_a_running_server_and_leaves_it_running() {
    let config = used();
    let other = Other::serve(&config);
    let pid = postmaster(&config);
    let command = Embedded::open(&config, Purpose::Command).await.unwrap();
    assert_eq!(kept(&command).await, 1);
    command.stop().await;
    assert_eq!(postmaster(&config), pid);
    other.stop();
}

#[tokio::test]
async fn a_command_waits_for_another_command() {
    let config = used();
    let first = Embedded::open(&config, Purpose::Command).await.unwrap();
    let (second, ()) = tokio::join!(Embedded::open(&config, Purpose::Command), first.stop());
    let second = second.unwrap();
    assert_eq!(kept(&second).await, 1);
    second.stop().await;
}

#[tokio::test]
async fn a_command_that_never_gets_its_turn_says_who_has_it() {
    let mut config = used();
    let first = Embedded::open(&config, Purpose::Command).await.unwrap();
    config.database.start_timeout.0 = 1;
    let refused = super::refusal(&config, Purpose::Command).await.to_string();
    assert!(refused.contains(&format!("pid {}", std::process::id())), "{refused}");
    first.stop().await;
}

#[tokio::test]
async fn a_command_without_a_server_runs_the_cluster_itself() {
    let config = used();
    let database = Database::open(&config).await.unwrap_or_else(|error| unreachable!("{error}"));
    assert!(database.is_embedded());
    database.close().await;
    assert!(!super::data(&config).join("postmaster.pid").exists());
}
