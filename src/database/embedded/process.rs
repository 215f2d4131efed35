//! Which process is what: a pid alone proves nothing, as containers reuse small ones.

use nix::{errno::Errno, sys::signal::kill, unistd::Pid};
use std::{fs, os::unix::ffi::OsStrExt, path::Path};

/// A zombie counts as dead: where pid 1 does not reap, a dead server stays one.
pub(super) fn is_alive(pid: Pid) -> bool {
    match kill(pid, None) {
        Ok(()) | Err(Errno::EPERM) => !is_zombie(pid),
        Err(_) => false,
    }
}

/// Whether a signal to `pid` would find anyone, zombies included: what Postgres itself asks about a lock file.
pub(super) fn exists(pid: Pid) -> bool {
    kill(pid, None).is_ok()
}

/// Is `pid` the live postmaster of this very data directory? It makes that its working directory.
pub(super) fn is_postmaster(pid: Pid, data: &Path) -> bool {
    // Without a /proc the pid has to be trusted.
    is_alive(pid) && (!Path::new("/proc/self/cwd").exists() || is_postgres_in(Path::new(&format!("/proc/{pid}")), data))
}

/// The postmaster of `data` and its children, as far as they are alive.
pub(super) fn postgres_in(data: &Path) -> Vec<i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            is_postgres_in(&entry.path(), data).then_some(pid)
        })
        .collect()
}

fn is_postgres_in(process: &Path, data: &Path) -> bool {
    let named = |exe: std::path::PathBuf| exe.file_name().is_some_and(|name| name.as_bytes().starts_with(b"postgres"));
    fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == data)
        && fs::read_link(process.join("exe")).is_ok_and(named)
}

fn is_zombie(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_some_and(|state| state.starts_with('Z'))
}
