//! Client libraries that nobody here wrote, unmodified, against the real server: `argus demo` as a process.
//!
//! `make setup` installs the libraries. Each program is told by its environment where the server is and who may sign in.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

mod demo;
mod openid;
mod readme;
mod schemathesis;
mod sdk;

use crate::browser::demo::Demo;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs a program to its end, with the demo in its environment, and fails with all that it said when it fails.
#[track_caller]
fn run(command: &mut Command, demo: &Demo) -> String {
    let output = command
        .envs(demo::environment(demo))
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; `make setup` installs what is missing"));
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{said}\n{complained}", output.status);
    said.into_owned()
}

/// A file of this repository.
fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
