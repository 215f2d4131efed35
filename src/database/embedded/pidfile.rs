//! `postmaster.pid`: what Postgres says about itself, as `pg_ctl` reads it.

use super::process;
use crate::database::{DatabaseError, error::At};
use nix::unistd::Pid;
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// The lines of `postmaster.pid` that matter.
pub(super) struct PidFile {
    /// `None` when the file is empty or cut short: a crash between creating and writing it.
    pub(super) pid: Option<Pid>,
    pub(super) socket_dir: PathBuf,
    pub(super) ready: bool,
}

pub(super) fn path(data: &Path) -> PathBuf {
    data.join("postmaster.pid")
}

/// `None` when there is no such file.
pub(super) fn read(data: &Path) -> Result<Option<PidFile>, DatabaseError> {
    let path = path(data);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.at(&path)?,
    };
    let mut lines = text.lines().map(str::trim);
    let pid = lines.next().and_then(|line| line.parse().ok()).filter(|pid| *pid > 0).map(Pid::from_raw);
    // After the pid: data directory, start time, port, socket directory, address, shared memory, status.
    let socket_dir = lines.nth(3).unwrap_or_default().into();
    let ready = lines.nth(2) == Some("ready");
    Ok(Some(PidFile { pid, socket_dir, ready }))
}

/// The socket directory of a live server that takes connections.
pub(super) fn ready_socket(data: &Path) -> Result<Option<PathBuf>, DatabaseError> {
    let found = read(data)?.filter(|file| file.ready && file.pid.is_some_and(|pid| process::is_postmaster(pid, data)));
    Ok(found.map(|file| file.socket_dir))
}
