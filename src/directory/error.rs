//! Why something in the directory was not done, in words for the one who asked.

use crate::{
    event_store::{ExecuteError, StorageError},
    keys::SealFailed,
};
use aggregates::{
    customer::CustomerError, domain::DomainError, function::FunctionError, group::GroupError, session::SessionError,
    user::UserError,
};
use thiserror::Error;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DirectoryError {
    /// A field of the input does not have the form that it must have.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What it must be.
        problem: String,
    },
    /// A reference leads nowhere.
    #[error("there is no {kind} {reference:?}")]
    NotFound {
        /// For example `customer`.
        kind: &'static str,
        /// As it was given.
        reference: String,
    },
    /// Something else stands there already.
    #[error("{0}")]
    Taken(String),
    /// A rule forbids it.
    #[error("{0}")]
    Refused(String),
    /// Too many passwords are being hashed.
    #[error("too many passwords are being hashed at this moment")]
    Busy,
    /// Personal data could not be encrypted.
    #[error("personal data could not be sealed")]
    Seal,
    /// The log could not be read or written.
    #[error("{0}")]
    Storage(StorageError),
}

impl DirectoryError {
    /// A field that was refused by its parser.
    pub(crate) fn invalid(field: &'static str) -> impl Fn(String) -> Self {
        move |problem| Self::Invalid { field, problem }
    }
}

impl From<SealFailed> for DirectoryError {
    fn from(_: SealFailed) -> Self {
        Self::Seal
    }
}

impl From<StorageError> for DirectoryError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl<E: Into<Self>> From<ExecuteError<E>> for DirectoryError {
    fn from(error: ExecuteError<E>) -> Self {
        match error {
            ExecuteError::Refused(rule) => rule.into(),
            ExecuteError::Conflict | ExecuteError::Overtaken => {
                Self::Taken("somebody else changed the same thing at the same time".to_owned())
            }
            ExecuteError::Unexplained => Self::Invalid { field: "reason", problem: "is required".to_owned() },
            ExecuteError::Storage(error) => Self::Storage(error),
        }
    }
}

/// From each aggregate's rules: those about something that is taken, and the others.
macro_rules! from_rules {
    ($($error:ident { $($taken:ident),+ }),+ $(,)?) => { $(
        impl From<$error> for DirectoryError {
            fn from(rule: $error) -> Self {
                match rule {
                    $($error::$taken)|+ => Self::Taken(rule.to_string()),
                    other => Self::Refused(other.to_string()),
                }
            }
        }
    )+ };
}

from_rules! {
    DomainError { AlreadyExists, ShortNameTaken },
    CustomerError { AlreadyExists, ShortNameTaken },
    FunctionError { AlreadyExists, ShortNameTaken },
    GroupError { AlreadyExists, ShortNameTaken },
    UserError { AlreadyExists, UserNameTaken, ApiKeyPrefixTaken },
    SessionError { AlreadyStarted },
}
