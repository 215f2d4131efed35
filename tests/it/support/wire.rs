//! A proxy between the program and the server's socket: it counts round trips where they happen, says what they were for, and
//! cuts connections.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    postgres::{scratch, socket_dir},
    wire_said::Said,
};
use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::watch,
};

const SOCKET: &str = ".s.PGSQL.5432";

/// A place to connect to instead of the server. Ends with the test's runtime.
pub(crate) struct Wire {
    /// Give it as `host`.
    pub(crate) socket_dir: PathBuf,
    turns: Arc<Mutex<Vec<Turn>>>,
    trap: Trap,
    scissors: watch::Sender<u64>,
}

/// One round trip: the client spoke after the server had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    /// The connection's `application_name`.
    pub(crate) who: String,
    /// The statements that it began with, in one line; empty when none was recognised.
    pub(crate) what: String,
}

/// What clients have to say, one after the other, for their connection to be cut before they get the answer.
type Trap = Arc<Mutex<VecDeque<Vec<u8>>>>;

impl Wire {
    pub(crate) fn tap() -> Self {
        let socket_dir = scratch();
        let listener = UnixListener::bind(socket_dir.join(SOCKET)).unwrap();
        let (scissors, cut) = watch::channel(0);
        let wire = Self { socket_dir, turns: Arc::default(), trap: Trap::default(), scissors };
        let (turns, trap) = (Arc::clone(&wire.turns), Arc::clone(&wire.trap));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(self::socket_dir().join(SOCKET)).await.unwrap();
                let (turns, trap, mut cut) = (Arc::clone(&turns), Arc::clone(&trap), cut.clone());
                cut.mark_unchanged();
                tokio::spawn(async move {
                    tokio::select! { () = relay(client, server, turns, trap) => {}, _ = cut.changed() => {} }
                });
            }
        });
        wire
    }

    /// How often a client began to speak after the server had: every one of these waited for an answer.
    pub(crate) fn round_trips(&self) -> usize {
        self.turns.lock().unwrap().len()
    }

    /// Those since the first `after` of them.
    pub(crate) fn turns_after(&self, after: usize) -> Vec<Turn> {
        self.turns.lock().unwrap().get(after..).unwrap().to_vec()
    }

    /// Cuts every connection, whatever it is in the middle of.
    pub(crate) fn cut_all(&self) {
        self.scissors.send_modify(|cuts| *cuts += 1);
    }

    /// Cuts the next connection that says this, once the server has done what it was told and begins to answer. Asked several
    /// times, it waits for one after the other.
    pub(crate) fn cut_answer_to(&self, words: &str) {
        self.trap.lock().unwrap().push_back(words.as_bytes().to_vec());
    }

    /// Whether all of that has happened.
    pub(crate) fn has_cut(&self) -> bool {
        self.trap.lock().unwrap().is_empty()
    }
}

fn springs(trap: &Trap, said: &[u8]) -> bool {
    let mut waiting = trap.lock().unwrap();
    let hit = waiting.front().is_some_and(|words| said.windows(words.len()).any(|window| window == words));
    if hit {
        waiting.pop_front();
    }
    hit
}

async fn relay(client: UnixStream, server: UnixStream, turns: Arc<Mutex<Vec<Turn>>>, trap: Trap) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (answered, doomed) = (AtomicBool::new(true), AtomicBool::new(false));
    let mut listening = Said::default();
    let asking = forward(from_client, to_server, |said| {
        let what = listening.hear(said);
        if answered.swap(false, Ordering::SeqCst) {
            turns.lock().unwrap().push(Turn { who: listening.who.clone(), what });
        }
        if springs(&trap, said) {
            doomed.store(true, Ordering::SeqCst);
        }
        true
    });
    let answering = forward(from_server, to_client, |_| {
        answered.store(true, Ordering::SeqCst);
        !doomed.load(Ordering::SeqCst)
    });
    // Either side's end is the end.
    tokio::select! { () = asking => {}, () = answering => {} }
}

/// Until either end is gone or `seen` says no.
async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut seen: impl FnMut(&[u8]) -> bool,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let chunk = buffer.get(..length).unwrap();
        if !seen(chunk) || to.write_all(chunk).await.is_err() {
            return;
        }
    }
}
