//! Why a user refuses.

use thiserror::Error;

/// A broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UserError {
    /// The id is in use.
    #[error("the user exists already")]
    AlreadyExists,
    /// There is none with this id, or the user was deleted.
    #[error("there is no such user")]
    NotFound,
    /// Nothing of the person is left to begin again with.
    #[error("the user was erased")]
    Erased,
    /// User names are unique in a domain.
    #[error("another user of the domain has this user name")]
    UserNameTaken,
    /// The customer does not exist in the domain, or is disabled.
    #[error("there is no such enabled customer in the domain")]
    NoSuchCustomer,
    /// The function does not exist.
    #[error("there is no such function")]
    NoSuchFunction,
    /// Prefixes are unique among all users; draw another.
    #[error("the API key prefix is in use")]
    ApiKeyPrefixTaken,
    /// No key lives for ever.
    #[error("an API key expires after now and within 1825 days")]
    ApiKeyExpiry,
    /// What is over does not come back.
    #[error("the API key has expired: issue another one")]
    ApiKeyExpired,
    /// The user has no such key, or it was revoked.
    #[error("there is no such API key")]
    NoSuchApiKey,
}
