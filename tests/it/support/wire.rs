//! Counts round trips to Postgres where they happen: a proxy between the program and the server's socket.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::postgres::{scratch, socket_dir};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};

const SOCKET: &str = ".s.PGSQL.5432";

/// A place to connect to instead of the server. Ends with the test's runtime.
pub(crate) struct Wire {
    /// Give it as `host`.
    pub(crate) socket_dir: PathBuf,
    turns: Arc<AtomicUsize>,
}

impl Wire {
    pub(crate) fn tap() -> Self {
        let socket_dir = scratch();
        let listener = UnixListener::bind(socket_dir.join(SOCKET)).unwrap();
        let turns = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&turns);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(self::socket_dir().join(SOCKET)).await.unwrap();
                tokio::spawn(relay(client, server, Arc::clone(&counted)));
            }
        });
        Self { socket_dir, turns }
    }

    /// How often a client began to speak after the server had: every one of these waited for an answer.
    pub(crate) fn round_trips(&self) -> usize {
        self.turns.load(Ordering::SeqCst)
    }
}

async fn relay(client: UnixStream, server: UnixStream, turns: Arc<AtomicUsize>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let answered = AtomicBool::new(true);
    let asking = forward(from_client, to_server, || {
        if answered.swap(false, Ordering::SeqCst) {
            turns.fetch_add(1, Ordering::SeqCst);
        }
    });
    let answering = forward(from_server, to_client, || answered.store(true, Ordering::SeqCst));
    // Either side's end is the end.
    tokio::select! { () = asking => {}, () = answering => {} }
}

async fn forward(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, seen: impl Fn()) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        seen();
        if to.write_all(buffer.get(..length).unwrap()).await.is_err() {
            return;
        }
    }
}
