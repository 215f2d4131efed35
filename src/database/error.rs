//! Why the database could not be opened. Every text says what to do, where something can be done.

use super::checks::Unfit;
use sqlx::migrate::MigrateError;
use std::{
    io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Why the database could not be opened.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// This program is root and no account is there that Postgres could run as.
    #[error(
        "Postgres refuses to run as root and there is no account {wanted}: create one (useradd --system argus) \
         or name another in database.run_as"
    )]
    NoAccount {
        /// The names that were looked up.
        wanted: String,
    },
    /// A file or directory is not as it must be.
    #[error("{}: {reason}", path.display())]
    Place {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process runs the cluster in this data directory.
    #[error("{} is in use by another argus process (pid {pid})", directory.display())]
    InUse {
        /// The cluster's directory.
        directory: PathBuf,
        /// The other process, as it wrote itself down.
        pid: String,
    },
    /// No Postgres that could be embedded.
    #[error(
        "no Postgres server of version 14 or newer found: install one (Debian: apt-get install postgresql), name its \
         directory in database.bin_dir, or give database.url"
    )]
    NoPostgres,
    /// The cluster needs another major version than those that are installed.
    #[error(
        "the cluster in {} is of Postgres {needed}, but only {found:?} is installed: install postgresql-{needed}, or \
         move the data with pg_upgrade", data.display()
    )]
    OtherPostgres {
        /// The cluster.
        data: PathBuf,
        /// Its major version.
        needed: u32,
        /// The major versions that are installed.
        found: Vec<u32>,
    },
    /// The embedded Postgres could not be made or started.
    #[error("embedded Postgres: {0}")]
    Embedded(String),
    /// `database.url` cannot be understood. Its text is not repeated: it may hold a password.
    #[error("database.url is not a Postgres URL (postgres://user:password@host:port/database)")]
    Url,
    /// The server cannot be reached, or refused.
    #[error("cannot reach Postgres: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// A statement of the start failed.
    #[error("Postgres: {0}")]
    Storage(#[from] sqlx::Error),
    /// The server is not fit to hold events.
    #[error("this Postgres cannot be used: {0}")]
    Unfit(String),
    /// A migration failed, or one that was applied has changed.
    #[error("migration: {0}")]
    Migration(#[source] MigrateError),
    /// The database was migrated by a newer program.
    #[error("the database is at schema {found}, but this program knows only up to {known}: use a newer argus")]
    Newer {
        /// The newest migration found that is unknown here.
        found: i64,
        /// The newest migration known here.
        known: i64,
    },
}

impl From<Unfit> for DatabaseError {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Unreachable(error) => Self::Storage(error),
            Unfit::Server(reason) => Self::Unfit(reason),
        }
    }
}

impl DatabaseError {
    pub(super) fn place(path: &Path, reason: impl Into<String>) -> Self {
        Self::Place { path: path.to_owned(), reason: reason.into() }
    }
}

/// Says which path an I/O error is about.
pub(super) trait At<T> {
    /// Names `path` in the error.
    fn at(self, path: &Path) -> Result<T, DatabaseError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, DatabaseError> {
        self.map_err(|error| DatabaseError::place(path, error.to_string()))
    }
}
