//! From the rules of a client to the answers of the API.

use crate::{
    event_store::{ExecuteError, StorageError},
    http::ArgusError,
};
use aggregates::client::ClientError;

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

fn answer(rule: ClientError) -> ArgusError {
    match rule {
        ClientError::Unknown => ArgusError::NotFound,
        ClientError::ScopeNotHeld | ClientError::LevelNotHeld => ArgusError::Denied,
        ClientError::ShortNameTaken => ArgusError::field("shortName", rule),
        ClientError::RedirectUris => ArgusError::field("redirectURIs", rule),
        ClientError::CustomClaims => ArgusError::field("openIDCustomClaims", rule),
        ClientError::PublicWithoutPkce => ArgusError::field("requirePkce", rule),
        ClientError::AlreadyDefined | ClientError::Moved => ArgusError::Refused(rule.to_string()),
    }
}
