//! Finding the master key at start. A new one is made only for a private cluster that has never had one; any other surprise
//! stops the start, since going on with another key would lose what the first one sealed.

use super::{Keys, MasterKey, MasterKeyError};
use crate::{
    config::Config,
    database::{Connections, Database, DatabaseError},
    entropy::Entropy,
    read,
};
use projections::master_key_fingerprint;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use thiserror::Error;

/// Why the server cannot start with its keys.
#[derive(Debug, Error)]
pub enum KeysError {
    /// The key file is unfit.
    #[error(transparent)]
    File(#[from] MasterKeyError),
    /// An external database, and no key was given for it.
    #[error(
        "a database of your own needs a master key of your own: run `argus master-key create FILE`, set \
         keys.master_key_file (ARGUS__KEYS__MASTER_KEY_FILE) to FILE, and keep a copy of it apart from the database"
    )]
    NotGiven,
    /// The configured file is not there.
    #[error(
        "the master key file {} does not exist: restore it, or for a new database run `argus master-key create {}`",
        .0.display(), .0.display()
    )]
    Missing(PathBuf),
    /// The private cluster has been used, but its key is gone.
    #[error(
        "the master key file {} is gone, and the database was sealed with it: restore it from a backup (a new key would \
         open nothing)",
        .0.display()
    )]
    Lost(PathBuf),
    /// The key is of another database.
    #[error("the master key does not belong to this database: give the key that it was first started with")]
    OtherKey,
    /// Keys could not be derived.
    #[error("could not derive keys from the master key")]
    Derivation,
    /// Postgres refused or is away.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Keys {
    /// The keys of this server: finds the master key (or makes it, at the first start of a private cluster) and makes sure that
    /// it is the one that this database was first started with.
    ///
    /// # Errors
    /// Every one of [`KeysError`] stops the start and says what to do.
    pub async fn open(config: &Config, database: &Database, entropy: Arc<dyn Entropy>) -> Result<Self, KeysError> {
        let connections = database.connections();
        let recorded = read!(connections, |c| master_key_fingerprint::find(c)).map_err(DatabaseError::from)?;
        let master = master_key(config, recorded.is_some(), entropy.as_ref())?;
        let keys = Self::new(&master, entropy).ok_or(KeysError::Derivation)?;
        let standing = match recorded {
            Some(fingerprint) => fingerprint,
            None => record(connections, &keys.0.fingerprint).await?,
        };
        if standing == keys.0.fingerprint { Ok(keys) } else { Err(KeysError::OtherKey) }
    }
}

/// Idempotent, so it may be sent again like a read.
async fn record(connections: &Connections, fingerprint: &[u8]) -> Result<Vec<u8>, DatabaseError> {
    Ok(read!(connections, |c| master_key_fingerprint::insert(c, fingerprint))?)
}

/// `known`: this database has been started with a master key before.
fn master_key(config: &Config, known: bool, entropy: &dyn Entropy) -> Result<MasterKey, KeysError> {
    if let Some(path) = &config.keys.master_key_file {
        return existing(path)?.ok_or_else(|| KeysError::Missing(path.clone()));
    }
    if config.database.url.is_some() {
        return Err(KeysError::NotGiven);
    }
    let path = config.data_dir.join("master.key");
    match existing(&path)? {
        Some(key) => Ok(key),
        None if known => Err(KeysError::Lost(path)),
        None => Ok(first(&path, entropy)?),
    }
}

/// `None` when there is no such file.
fn existing(path: &Path) -> Result<Option<MasterKey>, MasterKeyError> {
    match MasterKey::read(path) {
        Err(MasterKeyError::Io(_, error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// Makes the first key, or takes the one that another process of the same data directory made a moment ago.
fn first(path: &Path, entropy: &dyn Entropy) -> Result<MasterKey, MasterKeyError> {
    match MasterKey::create(path, entropy) {
        Err(MasterKeyError::Io(_, error)) if error.kind() == io::ErrorKind::AlreadyExists => MasterKey::read(path),
        made => made,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::entropy::SeededEntropy;

    fn config(folder: &Path, more: &str) -> Config {
        Config::from_sources(&format!("data_dir = {folder:?}\n{more}"), []).ok().unwrap()
    }

    fn refusal(config: &Config, known: bool) -> Option<KeysError> {
        master_key(config, known, &SeededEntropy::new(1)).err()
    }

    #[test]
    fn an_external_database_never_gets_a_key_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), "[database]\nurl = \"postgres://localhost/argus\"");
        assert!(matches!(refusal(&config, false), Some(KeysError::NotGiven)));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_configured_file_that_is_missing_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("given.key");
        let config = config(folder.path(), &format!("[keys]\nmaster_key_file = {path:?}"));
        assert!(matches!(refusal(&config, false), Some(KeysError::Missing(_))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_lost_key_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(refusal(&config(folder.path(), ""), true), Some(KeysError::Lost(_))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_first_start_of_a_private_cluster_makes_a_key_and_the_second_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), "");
        let key = |known, seed| master_key(&config, known, &SeededEntropy::new(seed)).ok().unwrap();
        assert_eq!(key(false, 1).bytes(), key(true, 2).bytes());
    }
}
