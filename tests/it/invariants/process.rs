//! `argus` as a process of its own, on a database of the test cluster, to be killed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::node::{HERE, World};
use std::{
    fs::{self, File},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};
use tokio::{net::TcpStream, time::sleep};

/// Settings in a file, and the port that is in them.
pub(super) struct Settings {
    file: PathBuf,
    log: PathBuf,
    port: u16,
}

/// A running server; killed when dropped.
pub(super) struct Process(Child);

impl Settings {
    /// Those of the world, on a free port.
    pub(super) fn of(world: &World) -> Self {
        Self::with(world, "argus", "")
    }

    /// The same for one of several servers, with `more` at the end of its file.
    pub(super) fn with(world: &World, name: &str, more: &str) -> Self {
        let config = &world.config;
        let port = TcpListener::bind((HERE, 0)).unwrap().local_addr().unwrap().port();
        let text = format!(
            "listen = '{HERE}:{port}'\ndata_dir = '{}'\nlog.filter = 'warn'\ndatabase.connections = 8\ndatabase.url = '{}'\n\
             keys.master_key_file = '{}'\n{more}",
            config.data_dir.display(),
            config.database.url.as_ref().unwrap().expose(),
            config.keys.master_key_file.as_ref().unwrap().display(),
        );
        let (file, log) = (config.data_dir.join(format!("{name}.toml")), config.data_dir.join(format!("{name}.log")));
        fs::write(&file, text).unwrap();
        Self { file, log, port }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{HERE}:{}", self.port)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_argus"));
        command.arg("--config").arg(&self.file).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command
    }

    /// Starts the server, without waiting for it.
    pub(super) fn serve(&self) -> Process {
        Process(self.command(&["serve"]).spawn().unwrap())
    }

    /// Waits until the server listens and has got so far that it answers.
    pub(super) async fn ready(&self) {
        for _ in 0..1000 {
            if TcpStream::connect((HERE, self.port)).await.is_ok()
                && reqwest::get(format!("{}/ready", self.url())).await.is_ok_and(|answer| answer.status().is_success())
            {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("the server does not become ready: {}", fs::read_to_string(&self.log).unwrap());
    }

    /// Runs another command to its end.
    pub(super) fn run(&self, arguments: &[&str]) -> ExitStatus {
        self.command(arguments).status().unwrap()
    }
}

impl Process {
    /// `kill -9`.
    pub(super) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// `kill -9`, and another one in its place.
    pub(super) fn restart(&mut self, settings: &Settings) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
        *self = settings.serve();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
