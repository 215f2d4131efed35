//! The account that Postgres runs as; it refuses to run as root.

use crate::database::DatabaseError;
use nix::unistd::{Gid, Uid, User, getegid, geteuid};
use std::{
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt, fchown},
    path::Path,
};

/// An account of the operating system. Whoever runs as it owns the database: never one that is shared, such as `nobody`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    pub(super) uid: Uid,
    pub(super) gid: Gid,
    /// This program is root and has to change to the account.
    pub(super) switch: bool,
}

impl Account {
    /// This user; for root the owner of an existing cluster, else `run_as`, else `argus`, else `postgres`.
    pub(super) fn choose(root: &Path, run_as: Option<&str>) -> Result<Self, DatabaseError> {
        let me = geteuid();
        if !me.is_root() {
            return Ok(Self { uid: me, gid: getegid(), switch: false });
        }
        if let Some(owner) = [root.join("data"), root.to_owned()].iter().find_map(|path| Self::owner_of(path)) {
            return Ok(owner);
        }
        let wanted = run_as.map_or_else(|| vec!["argus", "postgres"], |name| vec![name]);
        wanted
            .iter()
            .filter_map(|name| User::from_name(name).ok().flatten())
            .find(|user| !user.uid.is_root())
            .map(|user| Self { uid: user.uid, gid: user.gid, switch: true })
            .ok_or_else(|| DatabaseError::NoAccount { wanted: wanted.join(" or ") })
    }

    fn owner_of(path: &Path) -> Option<Self> {
        let found = fs::symlink_metadata(path).ok().filter(|found| found.is_dir() && found.uid() != 0)?;
        Some(Self { uid: Uid::from_raw(found.uid()), gid: Gid::from_raw(found.gid()), switch: true })
    }

    /// Its login name, if it has one.
    pub(super) fn name(self) -> Option<String> {
        User::from_uid(self.uid).ok().flatten().map(|user| user.name)
    }

    /// Gives it an open file, so that the same directory can later be used without root.
    pub(super) fn own(self, file: &File) -> io::Result<()> {
        if self.switch { fchown(file, Some(self.uid.as_raw()), Some(self.gid.as_raw())) } else { Ok(()) }
    }
}
