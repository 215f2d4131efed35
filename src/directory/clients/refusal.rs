//! From the rules of a client to the answers of the API.

use crate::{
    directory::DirectoryError,
    event_store::{ExecuteError, StorageError},
    http::ArgusError,
};
use aggregates::client::ClientError;
use projections::clients::ClientRow;

/// The answer to a command that was not carried out.
#[must_use]
pub fn refused(error: ExecuteError<ClientError>) -> ArgusError {
    match error {
        ExecuteError::Refused(rule) => answer(rule),
        ExecuteError::Storage(StorageError::Constraint { name }) if name == "clients_short_name" => {
            answer(ClientError::ShortNameTaken)
        }
        other => other.into(),
    }
}

/// Somebody who has looked at a version of the client changes that one, and no later one.
///
/// # Errors
/// [`DirectoryError::Taken`] when the client has moved on.
pub fn expect_version(present: &ClientRow, expected: Option<i64>) -> Result<(), DirectoryError> {
    match expected {
        Some(expected) if expected != present.sequence => {
            let problem = format!("the client is at version {}, not {expected}", present.sequence);
            Err(DirectoryError::Taken(problem))
        }
        _ => Ok(()),
    }
}

fn answer(rule: ClientError) -> ArgusError {
    match rule {
        ClientError::Unknown => ArgusError::NotFound,
        ClientError::ScopeNotHeld | ClientError::LevelNotHeld => ArgusError::Denied,
        ClientError::ShortNameTaken => ArgusError::field("shortName", rule),
        ClientError::RedirectUris => ArgusError::field("redirectURIs", rule),
        ClientError::CustomClaims => ArgusError::field("openIDCustomClaims", rule),
        ClientError::PublicWithoutPkce => ArgusError::field("requirePkce", rule),
        ClientError::AlreadyDefined | ClientError::Moved | ClientError::NothingToRestore => {
            ArgusError::Refused(rule.to_string())
        }
    }
}
