//! A postmaster: our child, or one that an earlier run of this program left.

use super::{PAUSE, process};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::time::Duration;
use tokio::{process::Child, time::sleep};

/// How often an adopted server, which is not our child, is looked at.
const ADOPTED_CHECK: Duration = Duration::from_millis(250);

/// A running postmaster. When dropped while it runs it is told to shut down, which it then does by itself.
pub(super) struct Server {
    pid: Pid,
    child: Option<Child>,
    running: bool,
}

impl Server {
    /// `None` when the child has ended already.
    pub(super) fn child(child: Child) -> Option<Self> {
        let pid = Pid::from_raw(child.id()?.try_into().ok()?);
        Some(Self { pid, child: Some(child), running: true })
    }

    pub(super) const fn adopted(pid: Pid) -> Self {
        Self { pid, child: None, running: true }
    }

    pub(super) const fn pid(&self) -> Pid {
        self.pid
    }

    /// How it ended, if it did.
    pub(super) fn ended(&mut self) -> Option<String> {
        let how = match &mut self.child {
            Some(child) => match child.try_wait() {
                Ok(status) => status?.to_string(),
                Err(error) => error.to_string(),
            },
            None if process::is_alive(self.pid) => return None,
            None => "not our child".to_owned(),
        };
        self.running = false;
        Some(how)
    }

    /// Waits for its end. Cancel-safe.
    pub(super) async fn wait(&mut self, check: Duration) -> String {
        loop {
            if let Some(how) = self.ended() {
                return how;
            }
            match &mut self.child {
                // The status is kept for `ended`.
                Some(child) => drop(child.wait().await),
                None => sleep(check).await,
            }
        }
    }

    /// Waits for its end while it is not expected to end.
    pub(super) async fn unexpected_end(&mut self) -> String {
        self.wait(ADOPTED_CHECK).await
    }

    /// Fast shutdown, then an immediate one, then by force. Returns the signal that did it.
    pub(super) async fn shut_down(mut self, patience: Duration) -> Option<Signal> {
        let short = Duration::from_secs(5);
        for (signal, patience) in [(Signal::SIGINT, patience), (Signal::SIGQUIT, short), (Signal::SIGKILL, short)] {
            // It may have ended by itself, which the wait sees.
            let _ = kill(self.pid, signal);
            if tokio::time::timeout(patience, self.wait(PAUSE)).await.is_ok() {
                return Some(signal);
            }
        }
        None
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.running {
            let _ = kill(self.pid, Signal::SIGINT);
        }
    }
}
