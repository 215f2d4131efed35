//! Debian's `nats-server` with JetStream, to be killed and started again.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use super::support::eventually;
use crate::support::postgres::scratch;
use async_nats::jetstream::{self, stream};
use serde_json::Value;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const STREAM: &str = "argus";

/// A server on a port of its own; killed when dropped.
pub(crate) struct NatsServer {
    port: u16,
    dir: PathBuf,
    process: Option<Child>,
}

impl NatsServer {
    pub(crate) fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { port, dir: scratch(), process: None };
        server.again();
        server
    }

    /// With what was stored before.
    pub(crate) fn again(&mut self) {
        // Debian puts it where only root's PATH leads.
        let debian = Path::new("/usr/sbin/nats-server");
        let mut command = Command::new(if debian.exists() { debian } else { Path::new("nats-server") });
        command.args(["-js", "-a", "127.0.0.1", "-p", &self.port.to_string(), "-sd"]).arg(&self.dir);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.process = Some(process.expect("nats-server is installed (scripts/setup.sh)"));
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    async fn context(&self) -> jetstream::Context {
        eventually("the server listens", async || Some(jetstream::new(async_nats::connect(self.url()).await.ok()?)))
            .await
    }

    /// Makes the stream that takes what begins with `argus`.
    pub(crate) async fn with_stream(self) -> Self {
        self.make_stream().await;
        self
    }

    pub(crate) async fn make_stream(&self) {
        let config = stream::Config { name: STREAM.into(), subjects: vec!["argus.>".into()], ..Default::default() };
        self.context().await.create_stream(config).await.unwrap();
    }

    /// What the stream has: subject, `Nats-Msg-Id` and the event.
    pub(crate) async fn messages(&self) -> Vec<(String, String, Value)> {
        let mut stream = self.context().await.get_stream(STREAM).await.unwrap();
        let state = stream.info().await.unwrap().state.clone();
        let mut messages = Vec::new();
        for sequence in state.first_sequence.max(1)..=state.last_sequence {
            let message = stream.get_raw_message(sequence).await.unwrap();
            let id = message.headers.get("Nats-Msg-Id").unwrap().to_string();
            messages.push((message.subject.to_string(), id, serde_json::from_slice(&message.payload).unwrap()));
        }
        messages
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}
