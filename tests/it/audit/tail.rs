//! The trail as it grows.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::command_line::Operator;
use serde_json::Value;
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout},
    time::timeout,
};

struct Tail {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Tail {
    fn start(operator: &Operator, line: &str) -> Self {
        let mut command = tokio::process::Command::from(operator.command(line));
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    async fn next(&mut self) -> Value {
        let line = timeout(Duration::from_secs(60), self.lines.next_line()).await.unwrap().unwrap();
        serde_json::from_str(&line.unwrap()).unwrap()
    }
}

#[tokio::test]
async fn a_tail_shows_what_was_since_then_and_what_comes_as_it_comes() {
    let operator = Operator::new().await;
    let server = &operator.server;
    server.alice().sign_in().await;
    server.audit().await;
    let mut tail = Tail::start(&operator, "audit tail --since 1h --format jsonl action:sign_in.* -user:bob");
    let seen = tail.next().await;
    assert_eq!((&seen["action"], &seen["userName"]), (&"sign_in.succeeded".into(), &"alice".into()));
    for (person, shown) in
        [(server.bob(), false), (server.audrey(), true), (server.bob(), false), (server.admin(), true)]
    {
        person.sign_in().await;
        if shown {
            assert_eq!(tail.next().await["userName"], person.user_name.as_str(), "each, once, in order");
        }
    }
    assert_eq!(tail.child.try_wait().unwrap(), None, "it goes on");
    let interrupt = nix::sys::signal::Signal::SIGINT;
    let id = nix::unistd::Pid::from_raw(i32::try_from(tail.child.id().unwrap()).unwrap());
    nix::sys::signal::kill(id, interrupt).unwrap();
    assert!(timeout(Duration::from_secs(60), tail.child.wait()).await.unwrap().unwrap().success());
}

#[tokio::test]
async fn a_tail_without_a_time_begins_with_what_comes_next() {
    let operator = Operator::new().await;
    let server = &operator.server;
    server.alice().sign_in().await;
    server.audit().await;
    let mut tail = Tail::start(&operator, "audit tail --format jsonl action:sign_in.succeeded");
    let names = async {
        loop {
            // When it has begun to look, nobody knows; but once it shows something, it began after Alice came in.
            server.bob().sign_in().await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let first = tokio::select! {
        first = tail.next() => first,
        () = names => unreachable!(),
    };
    assert_eq!(first["userName"], "bob");
}
