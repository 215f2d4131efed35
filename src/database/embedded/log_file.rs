//! `postgres.log`: what Postgres prints, kept to two files of bounded size.

use super::account::Account;
use nix::fcntl::OFlag;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// Beyond this the log is moved to `postgres.log.1`.
const MAX_SIZE: u64 = 10 * 1024 * 1024;
/// How much of it an error message repeats.
const TAIL: u64 = 2000;

/// For appending, by Postgres. As root the directory is another's: a symbolic link in it is not followed.
pub(super) fn open(log: &Path, account: Account) -> io::Result<File> {
    let file = private().create(true).append(true).open(log)?;
    account.own(&file)?;
    Ok(file)
}

/// Copies and empties a log that has grown too large. Postgres keeps its descriptor, and appends to the emptied file.
pub(super) fn rotate(log: &Path, account: Account) -> io::Result<()> {
    let mut full = match private().read(true).write(true).open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    if full.metadata()?.len() < MAX_SIZE {
        return Ok(());
    }
    let old = PathBuf::from(format!("{}.1", log.display()));
    let _ = fs::remove_file(&old);
    let mut kept = private().write(true).create_new(true).open(&old)?;
    account.own(&kept)?;
    io::copy(&mut full, &mut kept)?;
    full.set_len(0)
}

/// Its size, to begin a later [`tail`] at.
pub(super) fn size(log: &Path) -> u64 {
    fs::metadata(log).map_or(0, |found| found.len())
}

/// What was written since `from`, or the end of it.
pub(super) fn tail(log: &Path, from: u64) -> String {
    let mut text = Vec::new();
    if let Ok(mut file) = private().read(true).open(log) {
        let start = from.max(size(log).saturating_sub(TAIL));
        // Best effort: an unreadable log must not hide the error that it should explain.
        let _ = file.seek(SeekFrom::Start(start)).and_then(|_| file.read_to_end(&mut text));
    }
    String::from_utf8_lossy(&text).trim_end().to_owned()
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600).custom_flags(OFlag::O_NOFOLLOW.bits());
    options
}
