//! Makes a new cluster, in one step as far as a crash is concerned: a directory of its own, then a rename.

use super::{NAME, account::Account, start::Cluster};
use crate::database::{DatabaseError, error::At};
use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Checksums and C collation: what an operating system upgrade does to collations must not ruin an index.
const OPTIONS: [&str; 8] = [
    "--username=argus",
    "--encoding=UTF8",
    "--no-locale",
    "--data-checksums",
    "--auth-local=peer",
    "--auth-host=reject",
    "--no-instructions",
    "--pgdata",
];

impl Cluster {
    /// Makes the cluster if there is none.
    pub(super) async fn initialise(&self) -> Result<(), DatabaseError> {
        let (root, data) = (&self.places.root, &self.places.data);
        if data.join("PG_VERSION").exists() {
            return Ok(());
        }
        if fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(DatabaseError::place(data, "exists, is not empty and holds no cluster"));
        }
        remove_leftovers(root);
        // A name of its own: an initdb orphaned a moment ago may still be writing to the earlier one.
        let new = root.join(format!("data.init-{}", std::process::id()));
        let run = self.command("initdb").args(OPTIONS).arg(&new).output().await;
        let run = run.map_err(|error| DatabaseError::Embedded(format!("cannot run initdb: {error}")))?;
        if !run.status.success() {
            let reason = String::from_utf8_lossy(&run.stderr);
            return Err(DatabaseError::Embedded(format!("initdb failed ({}): {}", run.status, reason.trim_end())));
        }
        write(&new.join("pg_hba.conf"), "local all all peer map=argus\n", self.account)?;
        write(&new.join("pg_ident.conf"), &identities(self.account), self.account)?;
        sync(&new)?;
        match fs::remove_dir(data) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).at(data),
            _ => {}
        }
        fs::rename(&new, data).at(data)?;
        sync(root)
    }
}

/// Who may connect over the socket, both as superuser: root, and the account itself.
fn identities(account: Account) -> String {
    let own = account.name().filter(|name| name != "root");
    ["root".to_owned()].into_iter().chain(own).map(|name| format!("argus \"{name}\" {NAME}\n")).collect()
}

/// Replaces a file without following a link that someone put in its place.
fn write(path: &Path, text: &str, account: Account) -> Result<(), DatabaseError> {
    fs::remove_file(path).at(path)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).at(path)?;
    account.own(&file).at(path)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).at(path)
}

fn sync(dir: &Path) -> Result<(), DatabaseError> {
    File::open(dir).and_then(|dir| dir.sync_all()).at(dir)
}

/// Of tries that were killed.
fn remove_leftovers(root: &Path) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("data.init-") {
            // If it cannot be removed it only wastes space.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
