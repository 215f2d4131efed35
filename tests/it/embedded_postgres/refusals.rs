//! What is refused, and that the text says what to do.

use super::{config, copy, data, process::Other, refusal, setting, used};
use crate::support::postgres::scratch;
use argus::database::embedded::{Embedded, Purpose};
use nix::unistd::geteuid;
use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
};

#[tokio::test]
async fn a_second_server_is_refused_and_told_the_pid_of_the_first() {
    let config = used();
    let other = Other::serve(&config);
    let refused = refusal(&config, Purpose::Server).await.to_string();
    assert!(refused.contains(&format!("pid {}", other.pid())), "{refused}");
    other.stop();
}

#[tokio::test]
async fn a_data_directory_that_postgres_cannot_reach_is_refused_before_initdb() {
    if !geteuid().is_root() {
        return;
    }
    let closed = scratch();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let refused = refusal(&config(&closed.join("argus")), Purpose::Server).await.to_string();
    assert!(refused.contains("is closed to uid") && refused.contains("/var/lib/argus"), "{refused}");
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_refused() {
    if !geteuid().is_root() {
        return;
    }
    for name in ["no-such-account", "root"] {
        let mut config = config(&scratch());
        config.database.run_as = Some(name.to_owned());
        let refused = refusal(&config, Purpose::Server).await.to_string();
        assert!(refused.contains(name) && refused.contains("useradd"), "{refused}");
    }
}

#[tokio::test]
async fn a_directory_that_holds_something_else_is_left_alone() {
    let config = config(&scratch());
    fs::create_dir_all(data(&config)).unwrap();
    fs::write(data(&config).join("letters.txt"), "dear").unwrap();
    let refused = refusal(&config, Purpose::Server).await.to_string();
    assert!(refused.contains("holds no cluster"), "{refused}");
    assert_eq!(fs::read_to_string(data(&config).join("letters.txt")).unwrap(), "dear");
}

#[tokio::test]
async fn a_link_in_the_place_of_the_cluster_is_not_followed() {
    let (config, elsewhere) = (config(&scratch()), scratch());
    std::os::unix::fs::symlink(&elsewhere, config.data_dir.join("postgres")).unwrap();
    let refused = refusal(&config, Purpose::Server).await.to_string();
    assert!(refused.contains("is not a directory"), "{refused}");
    assert_eq!(fs::metadata(&elsewhere).unwrap().uid(), geteuid().as_raw());
}

#[tokio::test]
async fn a_cluster_of_another_major_version_is_refused() {
    let config = config(&copy(&scratch()));
    fs::write(data(&config).join("PG_VERSION"), "9\n").unwrap();
    let refused = refusal(&config, Purpose::Server).await.to_string();
    assert!(refused.contains("of Postgres 9") && refused.contains("pg_upgrade"), "{refused}");
}

#[tokio::test]
async fn without_a_postgres_the_advice_is_to_install_one() {
    let mut config = config(&scratch());
    config.database.bin_dir = Some(scratch());
    let refused = refusal(&config, Purpose::Server).await.to_string();
    assert!(refused.contains("apt-get install postgresql"), "{refused}");
}

#[tokio::test]
async fn a_postgres_that_cannot_start_says_why() {
    let mut config = used();
    config.database.shared_buffers = "99999999GB".to_owned();
    let refused = refusal(&config, Purpose::Server).await.to_string();
    assert!(refused.contains("ended at start") && refused.contains("shared_buffers"), "{refused}");
}

#[tokio::test]
async fn nobody_else_can_connect() {
    let config = used();
    let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
    assert_eq!(setting(&embedded, "listen_addresses").await, "");
    let rules: Vec<(String, String)> = sqlx::query_as("SELECT type, auth_method FROM pg_hba_file_rules")
        .fetch_all(&mut super::connect(&embedded).await)
        .await
        .unwrap();
    assert_eq!(rules, [("local".to_owned(), "peer".to_owned())]);
    let socket_dir = fs::metadata(config.data_dir.join("postgres/run")).unwrap();
    assert_eq!(socket_dir.mode() & 0o077, 0);
    embedded.stop().await;
}
