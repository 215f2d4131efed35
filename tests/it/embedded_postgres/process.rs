//! Another process with an embedded Postgres: this test binary, run again with one ignored test.

use super::config;
use argus::{
    config::Config,
    database::embedded::{Embedded, Purpose},
};
use std::{
    env,
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, Stdio},
};

const DATA_DIR: &str = "ARGUS_TEST_DATA_DIR";

/// A running process. It ends its cluster when its standard input is closed.
pub(super) struct Other {
    child: Child,
    /// Open to its end, as writing to a closed one would make the process fail.
    _output: BufReader<ChildStdout>,
}

impl Other {
    /// Returns when its cluster serves.
    pub(super) fn serve(config: &Config) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "embedded_postgres::process::serves_until_told", "--ignored", "--nocapture"])
            .env(DATA_DIR, &config.data_dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let serving = output.by_ref().lines().map_while(Result::ok).any(|line| line.ends_with("serving"));
        assert!(serving, "the other process serves");
        Self { child, _output: output }
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Has it stop its cluster, and waits.
    pub(super) fn stop(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

#[tokio::test]
#[ignore = "the other process of other tests"]
async fn serves_until_told() {
    let Some(dir) = env::var_os(DATA_DIR) else { return };
    let embedded = Embedded::open(&config(dir.as_ref()), Purpose::Server).await.unwrap();
    println!("serving");
    let told = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    told.await.unwrap().unwrap();
    embedded.stop().await;
}
