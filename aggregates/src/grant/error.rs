//! Why a grant refuses a command. What must be remembered is an event instead.

use super::events::Refusal;
use thiserror::Error;

/// Rules of the grant aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GrantError {
    /// The stream has events already.
    #[error("the grant exists already")]
    AlreadyDecided,
    /// There is no such code or refresh token.
    #[error("no such code or token")]
    Unknown,
    /// The grant was revoked.
    #[error("the grant was revoked")]
    Revoked,
    /// The code or refresh token is past its time.
    #[error("the code or token has expired")]
    Expired,
    /// The `redirect_uri` is not the one of the authorization request (RFC 6749 §4.1.3).
    #[error("another redirect URI")]
    AnotherRedirectUri,
    /// A `code_verifier` for a code that was issued without a challenge (RFC 9700 §4.8.2).
    #[error("a code verifier without a challenge")]
    UnexpectedVerifier,
    /// The refresh token belongs to another client.
    #[error("another client's token")]
    AnotherClient,
    /// More than was granted (RFC 6749 §6).
    #[error("more scope than was granted")]
    ScopeExceedsGrant,
    /// The user, session or client no longer passes the check.
    #[error("the check was not passed: {0:?}")]
    NotAtTheDoor(Refusal),
}

impl GrantError {
    /// The condition that did not hold, for the audit trail; none where the check has a reason of its own.
    #[must_use]
    pub fn condition(self) -> Option<String> {
        match self {
            Self::NotAtTheDoor(Refusal::InvalidGrant) => Some("the redirect URI is no longer the client's".to_owned()),
            Self::NotAtTheDoor(_) => None,
            rule => Some(rule.to_string()),
        }
    }

    /// How the audit trail names it.
    #[must_use]
    pub const fn refusal(self) -> Refusal {
        match self {
            Self::NotAtTheDoor(refusal) => refusal,
            Self::AnotherClient => Refusal::AnotherClient,
            Self::ScopeExceedsGrant => Refusal::InvalidScope,
            Self::AlreadyDecided
            | Self::Unknown
            | Self::Revoked
            | Self::Expired
            | Self::AnotherRedirectUri
            | Self::UnexpectedVerifier => Refusal::InvalidGrant,
        }
    }
}
