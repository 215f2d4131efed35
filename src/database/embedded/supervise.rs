//! Keeps the server running until it is told to stop.

use super::{lock::Lock, log_file, server::Server, start::Cluster};
use std::{fs, time::Duration};
use tokio::{
    sync::{Mutex, watch},
    task::JoinHandle,
    time::{interval, sleep},
};

const LOG_CHECK: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The task that watches a server; it holds the lock until that server is gone.
pub(super) struct Supervisor {
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Supervisor {
    pub(super) fn watch(cluster: Cluster, server: Server, lock: Lock) -> Self {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            supervise(&cluster, server, stopped).await;
            drop(lock);
        });
        Self { stop, task: Mutex::new(Some(task)) }
    }

    /// Stops the server and waits until it has stopped.
    pub(super) async fn stop(&self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.lock().await.take() {
            // It ends in error only when the runtime ends, and then the server was told to stop by its drop.
            let _ = task.await;
        }
    }
}

async fn supervise(cluster: &Cluster, mut server: Server, mut stop: watch::Receiver<bool>) {
    let mut log_check = interval(LOG_CHECK);
    loop {
        tokio::select! {
            // An error means that nobody is left who could ask for a stop: the same.
            _ = stop.changed() => break,
            _ = log_check.tick() => rotate_log(cluster),
            how = server.unexpected_end() => {
                tracing::error!("Postgres ended unexpectedly ({how}); starting it again");
                match restart(cluster, &mut stop).await {
                    Some(started) => server = started,
                    None => return,
                }
            }
        }
    }
    match server.shut_down(cluster.stop_timeout()).await {
        Some(signal) => tracing::info!(%signal, "Postgres stopped"),
        None => tracing::error!("Postgres did not stop, not even when killed"),
    }
    remove_outside_socket_dir(cluster);
}

/// Tries until it works; `None` when told to stop meanwhile.
async fn restart(cluster: &Cluster, stop: &mut watch::Receiver<bool>) -> Option<Server> {
    let mut pause = FIRST_PAUSE;
    loop {
        let started = tokio::select! {
            _ = stop.changed() => return None,
            started = cluster.start_or_adopt() => started,
        };
        match started {
            Ok(server) => {
                tracing::info!("Postgres is back");
                return Some(server);
            }
            Err(error) => tracing::error!("{error}"),
        }
        tokio::select! {
            _ = stop.changed() => return None,
            () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
        }
    }
}

fn rotate_log(cluster: &Cluster) {
    if let Err(error) = log_file::rotate(&cluster.places.log, cluster.account) {
        tracing::warn!(log = %cluster.places.log.display(), "cannot rotate the log of Postgres: {error}");
    }
}

/// A long data path has its socket elsewhere (`places.rs`); nothing is left behind there.
fn remove_outside_socket_dir(cluster: &Cluster) {
    if !cluster.places.run.starts_with(&cluster.places.root) {
        // Fails when something else is in it, and then it stays.
        let _ = fs::remove_dir(&cluster.places.run);
    }
}
