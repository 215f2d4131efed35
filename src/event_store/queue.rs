//! A bounded queue whose takers take everything that is waiting, so that work gathers while they are busy.

use super::StorageError;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc, oneshot};

/// Where work is handed in.
pub(super) struct Queue<W, T> {
    sender: mpsc::Sender<Job<W, T>>,
}

/// One piece of work and where its result goes. The asker may have left by then.
pub(super) struct Job<W, T> {
    pub(super) work: W,
    pub(super) answer: oneshot::Sender<T>,
}

/// Where work is taken out, by any number of takers.
pub(super) struct Intake<W, T> {
    receiver: Arc<Mutex<mpsc::Receiver<Job<W, T>>>>,
}

impl<W, T> Clone for Intake<W, T> {
    fn clone(&self) -> Self {
        Self { receiver: Arc::clone(&self.receiver) }
    }
}

/// A queue that holds this many waiting pieces of work.
pub(super) fn queue<W, T>(capacity: usize) -> (Queue<W, T>, Intake<W, T>) {
    let (sender, receiver) = mpsc::channel(capacity);
    (Queue { sender }, Intake { receiver: Arc::new(Mutex::new(receiver)) })
}

impl<W, T> Queue<W, T> {
    /// Hands in work and waits for its result. The work goes on when the caller stops waiting.
    pub(super) async fn ask(&self, work: W) -> Result<T, StorageError> {
        let (answer, result) = oneshot::channel();
        self.sender.try_send(Job { work, answer }).map_err(|_| StorageError::Busy)?;
        result.await.map_err(|_| StorageError::Unavailable("the event store has been closed".to_owned()))
    }
}

impl<W, T> Intake<W, T> {
    /// Everything that waits, `most` at most; `None` when nobody can hand in any more.
    pub(super) async fn batch(&self, most: usize) -> Option<Vec<Job<W, T>>> {
        let mut receiver = self.receiver.lock().await;
        let mut jobs = Vec::new();
        (receiver.recv_many(&mut jobs, most).await > 0).then_some(jobs)
    }
}
