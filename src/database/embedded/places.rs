//! The directories of a cluster, who owns them, and where its socket can be.

use super::{PORT, account::Account};
use crate::database::{DatabaseError, error::At};
use std::{
    env,
    fs::{self, DirBuilder, Permissions},
    io::ErrorKind,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown},
    },
    path::{Path, PathBuf},
};

/// What `sockaddr_un` has room for.
const MAX_SOCKET_PATH: usize = 107;

/// Where everything of a cluster is; all absolute.
pub(super) struct Places {
    /// Holds the others; belongs to the account.
    pub(super) root: PathBuf,
    pub(super) data: PathBuf,
    /// Holds the socket; normally in `root`.
    pub(super) run: PathBuf,
    pub(super) log: PathBuf,
}

impl Places {
    pub(super) fn make(root: &Path, account: Account) -> Result<Self, DatabaseError> {
        make_private(root, account)?;
        let root = fs::canonicalize(root).at(root)?;
        ensure_reachable(&root, account)?;
        let run = socket_dir(&root, account)?;
        Ok(Self { data: root.join("data"), log: root.join("postgres.log"), run, root })
    }
}

/// A directory for the account alone. Only root gives one away, and never through a symbolic link.
fn make_private(dir: &Path, account: Account) -> Result<(), DatabaseError> {
    if !dir.exists() {
        DirBuilder::new().recursive(true).mode(0o755).create(dir).at(dir)?;
    }
    let found = fs::symlink_metadata(dir).at(dir)?;
    if !found.is_dir() {
        return Err(DatabaseError::place(dir, "is not a directory"));
    }
    if found.uid() != account.uid.as_raw() {
        if found.uid() != 0 || !account.switch {
            let reason = format!("belongs to uid {}: run this as that user or as root", found.uid());
            return Err(DatabaseError::place(dir, reason));
        }
        lchown(dir, Some(account.uid.as_raw()), Some(account.gid.as_raw())).at(dir)?;
    }
    fs::set_permissions(dir, Permissions::from_mode(0o700)).at(dir)
}

/// Root can go anywhere, the account cannot: better said here than by initdb.
fn ensure_reachable(root: &Path, account: Account) -> Result<(), DatabaseError> {
    if !account.switch {
        return Ok(());
    }
    for dir in root.ancestors().skip(1) {
        let found = fs::metadata(dir).at(dir)?;
        let bit = match () {
            () if found.uid() == account.uid.as_raw() => 0o100,
            () if found.gid() == account.gid.as_raw() => 0o010,
            () => 0o001,
        };
        if found.mode() & bit == 0 {
            let reason = format!(
                "is closed to uid {}, as which Postgres would run (this program is root): choose another data_dir, \
                 such as /var/lib/argus",
                account.uid
            );
            return Err(DatabaseError::place(dir, reason));
        }
    }
    Ok(())
}

fn socket_dir(root: &Path, account: Account) -> Result<PathBuf, DatabaseError> {
    let inside = root.join("run");
    if inside.join(format!(".s.PGSQL.{PORT}")).as_os_str().len() <= MAX_SOCKET_PATH {
        make_private(&inside, account)?;
        return Ok(inside);
    }
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|_| !account.switch);
    let name = format!("argus-pg-{}-{:016x}", account.uid, fingerprint(root));
    let dir = runtime.unwrap_or_else(|| PathBuf::from("/tmp")).join(name);
    make_in_shared(&dir, account)?;
    Ok(dir)
}

/// In a directory that others may write to, one that someone else made is never used.
fn make_in_shared(dir: &Path, account: Account) -> Result<(), DatabaseError> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => lchown(dir, Some(account.uid.as_raw()), Some(account.gid.as_raw())).at(dir),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(dir).at(dir)?;
            if found.is_dir() && found.uid() == account.uid.as_raw() && found.mode() & 0o077 == 0 {
                return Ok(());
            }
            Err(DatabaseError::place(dir, "was made by someone else"))
        }
        Err(error) => Err(error).at(dir),
    }
}

/// FNV-1a: a short name that stays the same for the same path.
fn fingerprint(path: &Path) -> u64 {
    path.as_os_str()
        .as_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
