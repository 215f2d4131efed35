//! What can go wrong between a decision and the log, and which of Postgres's errors means what.

use projections::ProjectionError;
use sqlx::postgres::{PgDatabaseError, PgSeverity};
use thiserror::Error;

/// The log could not be read or written. Whoever sees this denies (design.md §5, rule 9).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StorageError {
    /// Too many commands are waiting already: answer 503.
    #[error("too many commands are waiting")]
    Busy,
    /// Postgres is away, slow, or not fit to write to: answer 503. Nothing is known to be recorded.
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
    /// A read model's constraint refused this one command; nothing of it was recorded.
    #[error("constraint {name} refused it")]
    Constraint {
        /// For example `clients_short_name`.
        name: String,
    },
    /// Postgres cannot store a value of this one command (for example NUL in text); nothing of it was recorded.
    #[error("it cannot be stored: {0}")]
    Invalid(String),
    /// The log holds an event that this program does not understand.
    #[error("stored event cannot be read: {0}")]
    Unreadable(String),
    /// These read models are of an older version than the program: `argus replay run NAME`.
    #[error("read models to rebuild first: {0}")]
    Stale(String),
}

/// Why a command was not carried out. `E` is the aggregate's own error.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExecuteError<E> {
    /// The aggregate's rules refused, on its current state.
    #[error(transparent)]
    Refused(E),
    /// Others kept changing the stream while this command was being decided.
    #[error("others changed the same stream at the same time")]
    Conflict,
    /// What the command was decided on had been taken away meanwhile: its guard did not hold.
    #[error("what it was decided on has changed")]
    Overtaken,
    /// This is only changed with a reason (`audit.require_reason`), and none was given.
    #[error("a reason is required")]
    Unexplained,
    /// See [`StorageError`].
    #[error("{0}")]
    Storage(#[source] StorageError),
}

impl<E> From<StorageError> for ExecuteError<E> {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl<E> From<Fault> for ExecuteError<E> {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Conflict => Self::Conflict,
            Fault::Overtaken => Self::Overtaken,
            other => Self::Storage(other.into()),
        }
    }
}

/// What a failed statement means to the one who sent it.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// The connection is gone; whether the statement was committed is unknown.
    Lost(String),
    /// Somebody else holds that sequence number of that stream.
    Conflict,
    /// The append's guard did not hold; nothing of it was recorded.
    Overtaken,
    /// A victim of a deadlock; the same statement may well succeed.
    Contended,
    /// One row of the statement is at fault; nothing was recorded.
    Refused(StorageError),
    /// The statement is not at fault; nothing was recorded.
    Unavailable(String),
}

impl From<Fault> for StorageError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(error) => error,
            Fault::Lost(reason) | Fault::Unavailable(reason) => Self::Unavailable(reason),
            Fault::Conflict | Fault::Overtaken | Fault::Contended => {
                Self::Unavailable("others were writing the same rows".to_owned())
            }
        }
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => match database.try_downcast_ref::<PgDatabaseError>() {
                Some(postgres) => from_postgres(postgres),
                None => Self::Unavailable(error.to_string()),
            },
            sqlx::Error::Encode(_) => Self::Refused(StorageError::Invalid(error.to_string())),
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => Self::Lost(error.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        Fault::from(error).into()
    }
}

impl From<ProjectionError> for StorageError {
    fn from(error: ProjectionError) -> Self {
        super::record::fault(error).into()
    }
}

/// By SQLSTATE (PostgreSQL documentation, appendix A). Messages of class 22 and 23 quote values, so they are not repeated.
fn from_postgres(error: &PgDatabaseError) -> Fault {
    let code = error.code();
    if matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic) {
        return Fault::Lost(error.to_string());
    }
    match (code.get(..2), error.constraint()) {
        (Some("23"), Some(name)) if code == "23505" && is_key_of_events(name) => Fault::Conflict,
        (Some("23"), Some(name)) => Fault::Refused(StorageError::Constraint { name: name.to_owned() }),
        (Some("21" | "22" | "23"), _) => Fault::Refused(StorageError::Invalid(format!("SQLSTATE {code}"))),
        (Some("40"), _) => Fault::Contended,
        _ => Fault::Unavailable(error.to_string()),
    }
}

/// Postgres names the violated key of the *partition*: `events_grant_2026_11_pkey`, not `events_pkey`.
fn is_key_of_events(constraint: &str) -> bool {
    constraint == "events_pkey" || (constraint.starts_with("events_") && constraint.ends_with("_pkey"))
}
