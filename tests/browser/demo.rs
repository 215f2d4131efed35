//! `argus demo` in a process of its own, on free ports and an empty data directory, stopped when dropped.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::Permissions;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A running demo.
pub(crate) struct Demo {
    process: Child,
    _data: tempfile::TempDir,
    said: Vec<String>,
}

impl Demo {
    /// Starts it, and waits until it says `ready`.
    pub(crate) fn start() -> Self {
        // Open to pass through: as root, the server hands its database to an account of its own.
        let open = Permissions::from_mode(0o755);
        let data = tempfile::Builder::new().prefix("argus-demo-").permissions(open).tempdir_in("/tmp").unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_argus"))
            .args(["demo", "--listen", "127.0.0.1:0", "--rp-listen", "127.0.0.1:0", "--data-dir"])
            .arg(data.path().join("argus"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut demo = Self { process, _data: data, said: Vec::new() };
        demo.wait_until_ready(lines);
        demo
    }

    fn wait_until_ready(&mut self, lines: impl Iterator<Item = std::io::Result<String>> + Send + 'static) {
        let (sender, receiver) = mpsc::channel();
        // Goes on reading after `ready`, so that the server never waits for somebody to read what it says.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        while self.said.last().is_none_or(|line| line.trim() != "ready") {
            match receiver.recv_timeout(Duration::from_secs(120)) {
                Ok(line) => self.said.push(line),
                Err(error) => panic!("the demo is not ready ({error}); it said:\n{}", self.said.join("\n")),
            }
        }
    }

    /// What follows a label at the start of a line.
    pub(crate) fn after(&self, label: &str) -> String {
        let value = self.said.iter().find_map(|line| line.trim().strip_prefix(label));
        value.unwrap_or_else(|| panic!("no `{label}` in:\n{}", self.said.join("\n"))).trim().to_owned()
    }

    /// The second column of the user's row.
    pub(crate) fn password(&self, user: &str) -> String {
        let rows = self.said.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let password = rows.filter(|row| row.first() == Some(&user)).find_map(|row| Some((*row.get(1)?).to_owned()));
        password.unwrap_or_else(|| panic!("no user `{user}` in:\n{}", self.said.join("\n")))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let pid = Pid::from_raw(i32::try_from(self.process.id()).unwrap());
        let _ = kill(pid, Signal::SIGTERM);
        let _ = self.process.wait();
    }
}
