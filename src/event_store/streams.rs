//! Commands of one stream queue inside the node, so that they do not conflict with each other in Postgres.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::OwnedMutexGuard;

type Turn = tokio::sync::Mutex<()>;

/// The streams that commands are working on.
#[derive(Default)]
pub(super) struct Streams {
    busy: Mutex<HashMap<String, Weak<Turn>>>,
}

impl Streams {
    /// Waits until it is this command's turn on the stream, and keeps the turn until the guard is dropped.
    pub(super) async fn turn(&self, id: &str) -> OwnedMutexGuard<()> {
        self.of(id).lock_owned().await
    }

    fn of(&self, id: &str) -> Arc<Turn> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = busy.get(id).and_then(Weak::upgrade) {
            return turn;
        }
        // What nobody holds any more is thrown out whenever the map would have to grow.
        if busy.len() == busy.capacity() {
            busy.retain(|_, turn| turn.strong_count() > 0);
        }
        let turn = Arc::new(Turn::default());
        busy.insert(id.to_owned(), Arc::downgrade(&turn));
        turn
    }
}
