//! One process runs the cluster: a file lock, which ends with its holder however that ends.

use super::{Purpose, account::Account};
use crate::database::{DatabaseError, error::At};
use nix::fcntl::OFlag;
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Held as long as it exists. Children do not inherit it.
pub(super) struct Lock(#[expect(dead_code, reason = "an open file is the lock")] File);

pub(super) enum Attempt {
    Taken(Lock),
    Held(Holder),
}

/// Who has the lock, as it wrote itself down.
pub(super) struct Holder {
    pub(super) pid: String,
    /// `None` in the moment between taking the lock and writing.
    pub(super) purpose: Option<Purpose>,
}

pub(super) fn attempt(root: &Path, account: Account, purpose: Purpose) -> Result<Attempt, DatabaseError> {
    let path = root.join("lock");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .custom_flags(OFlag::O_NOFOLLOW.bits())
        .open(&path)
        .at(&path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Attempt::Held(read_holder(&mut file))),
        Err(TryLockError::Error(error)) => return Err(error).at(&path),
    }
    account.own(&file).at(&path)?;
    file.set_len(0).at(&path)?;
    writeln!(file, "{} {}", std::process::id(), word(purpose)).at(&path)?;
    Ok(Attempt::Taken(Lock(file)))
}

fn read_holder(file: &mut File) -> Holder {
    let mut text = String::new();
    // Unreadable is the same as not written yet.
    let _ = file.read_to_string(&mut text);
    let (pid, word) = text.trim().split_once(' ').unwrap_or(("not yet known", ""));
    let purpose = [Purpose::Server, Purpose::Command].into_iter().find(|purpose| self::word(*purpose) == word);
    Holder { pid: pid.to_owned(), purpose }
}

const fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Server => "server",
        Purpose::Command => "command",
    }
}
