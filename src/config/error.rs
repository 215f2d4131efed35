//! Why settings were refused; every text names the key and never a secret's value.

use std::{io, path::PathBuf};
use thiserror::Error;

/// Why settings were refused.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A named file cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A key is unknown or its value has the wrong form.
    #[error("{0}")]
    Malformed(String),
    /// A value that cannot work.
    #[error("{key}: {reason}")]
    Refused {
        /// The key, such as `database.connections`.
        key: String,
        /// What is wrong, and what to do.
        reason: String,
    },
}

impl ConfigError {
    pub(super) fn refused(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Refused { key: key.into(), reason: reason.into() }
    }
}

impl From<figment::Error> for ConfigError {
    /// Figment collects several errors in one; each becomes a line.
    fn from(errors: figment::Error) -> Self {
        Self::Malformed(errors.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("\n"))
    }
}
