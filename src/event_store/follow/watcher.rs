//! One watcher per node: it publishes the safe position, woken by this node's commits and polling for those of others.

use super::horizon::Horizon;
use crate::event_store::{error::Fault, line::Line};
use sqlx::postgres::PgConnectOptions;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, watch},
    task::AbortHandle,
    time::{sleep, timeout},
};

const POLL: Duration = Duration::from_millis(50);
/// A hole is usually a transaction in its last millisecond.
const POLL_AT_A_HOLE: Duration = Duration::from_millis(2);
/// What is read is always the very end of the log; a generic plan does not know that and would rather sort all of it.
const END_OF_THE_LOG: [(&str, &str); 2] = [("enable_seqscan", "off"), ("enable_sort", "off")];
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(200);

/// How far the log is settled, as this node knows.
pub struct Watcher {
    safe: watch::Receiver<i64>,
    bell: Arc<Notify>,
    task: AbortHandle,
}

impl Watcher {
    pub(crate) fn start(options: &PgConnectOptions) -> Self {
        let (publish, safe) = watch::channel(0);
        let bell = Arc::new(Notify::new());
        let line = Line::new(&options.clone().options(END_OF_THE_LOG), "watcher");
        let task = tokio::spawn(run(line, publish, Arc::clone(&bell))).abort_handle();
        Self { safe, bell, task }
    }

    /// Every event at or below this position is visible now or never will be.
    #[must_use]
    pub fn safe(&self) -> i64 {
        *self.safe.borrow()
    }

    /// The safe position as it moves.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.safe.clone()
    }

    /// Something was committed: look now.
    pub fn wake(&self) {
        self.bell.notify_one();
    }

    /// Looks no more: the database is about to be closed.
    pub fn stop(&self) {
        self.task.abort();
    }

    /// What to ring after a commit.
    pub(crate) const fn bell(&self) -> &Arc<Notify> {
        &self.bell
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(mut line: Line, publish: watch::Sender<i64>, bell: Arc<Notify>) {
    let mut horizon = Horizon::default();
    let mut fresh = true;
    loop {
        if let Err(fault) = look(&mut line, &mut horizon, &mut fresh).await {
            tracing::warn!(?fault, "the log cannot be watched");
            line.hang_up();
            horizon.forget();
            fresh = true;
            sleep(PAUSE_AFTER_FAILURE).await;
            continue;
        }
        publish.send_if_modified(|safe| std::mem::replace(safe, horizon.safe()) != horizon.safe());
        let pause = if horizon.is_waiting() { POLL_AT_A_HOLE } else { POLL };
        timeout(pause, bell.notified()).await.ok();
    }
}

/// Only a primary shows who is writing: on a standby every hole would be passed.
async fn look(line: &mut Line, horizon: &mut Horizon, fresh: &mut bool) -> Result<(), Fault> {
    line.run(async |connection| {
        if *fresh {
            let standby: bool = sqlx::query_scalar("SELECT pg_is_in_recovery()").fetch_one(&mut *connection).await?;
            if standby {
                return Err(Fault::Unavailable("this server is a standby".to_owned()));
            }
            *fresh = false;
        }
        horizon.look(connection).await
    })
    .await
}
