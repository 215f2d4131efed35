//! What has happened to a session.

use crate::{
    ids::{DomainId, GrantId, SessionId, UserId},
    values::{ApiKeyPrefix, Constraints, Sealed, Timestamp, TokenHash},
};
use serde::{Deserialize, Serialize};

/// Facts about one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEvent {
    /// The user proved who they are.
    Started {
        /// Who.
        user: UserId,
        /// The user's epoch at that moment; the session is over when it rises.
        user_epoch: i64,
        /// How they proved it.
        method: AuthenticationMethod,
        /// SHA-256 of the session token's secret.
        token: TokenHash,
        /// The address that the session is bound to.
        address: Sealed,
        /// The user may do nothing but choose a new password.
        must_change_password: bool,
        /// When.
        at: Timestamp,
        /// When it ends by itself.
        valid_until: Timestamp,
    },
    /// It began as a narrowed copy of another one; recorded together with its start.
    Constrained {
        /// The sessions that it was narrowed from, the nearest first; it ends with each of them.
        ancestors: Vec<SessionId>,
        /// What narrows it, all of them at once: those of the nearest, and its own.
        bounds: Vec<Constraints>,
        /// When the user last proved who they are, in the session that it was narrowed from.
        authenticated_at: Timestamp,
    },
    /// The same user proved it again (`prompt=login`, `max_age`); the old session token ended with that.
    FactorVerified {
        /// How.
        method: AuthenticationMethod,
        /// SHA-256 of the new session token's secret.
        token: TokenHash,
        /// When.
        at: Timestamp,
        /// When the session now ends by itself.
        valid_until: Timestamp,
    },
    /// Somebody did not get in. The stream has this one event.
    SignInRefused {
        /// The account that was meant, when there is such an account.
        user: Option<UserId>,
        /// Its domain, when there is such a domain.
        domain: Option<DomainId>,
        /// Why.
        reason: SignInRefusal,
        /// When.
        at: Timestamp,
    },
    /// A call by a credential that is real was refused. The stream has this one event.
    CallRefused {
        /// Whose credential.
        user: UserId,
        /// Which.
        credential: RealCredential,
        /// Method and route, for example `PUT /useradmin/v2/user/{shortNameOrID}`.
        call: String,
        /// Why.
        reason: CallRefusal,
        /// How many equal ones it stands for.
        count: u32,
        /// When the last of them was.
        at: Timestamp,
    },
    /// The session is over.
    Ended {
        /// Why.
        reason: EndReason,
        /// When.
        at: Timestamp,
    },
}

stored_as!(SessionEvent {
    Started => "session.started" "1",
    Constrained => "session.constrained" "1",
    FactorVerified => "session.factor_verified" "1",
    SignInRefused => "session.sign_in_refused" "1",
    CallRefused => "session.call_refused" "1",
    Ended => "session.ended" "1",
});

/// How a user proved who they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationMethod {
    /// A password.
    #[default]
    Password,
    /// An API key, which belongs to a user and is used by a script. No session begins with one.
    ApiKey,
}

impl AuthenticationMethod {
    /// The value of the `amr` claim; none for a way that RFC 8176 has no value for.
    #[must_use]
    pub const fn amr(self) -> Option<&'static str> {
        match self {
            Self::Password => Some("pwd"),
            Self::ApiKey => None,
        }
    }
}

/// Why a sign-in was refused. The person is told the same sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInRefusal {
    /// There is no such account, or no such domain.
    UnknownUser,
    /// The password is not the account's.
    WrongPassword,
    /// The account has no password.
    NoPassword,
    /// The account is blocked.
    Blocked,
    /// Too many attempts at this account or from this address.
    Throttled,
}

/// A credential that proved to be somebody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RealCredential {
    /// An API key.
    ApiKey(ApiKeyPrefix),
    /// A session's token.
    Session(SessionId),
    /// An access token of a client.
    Grant(GrantId),
}

/// Why a call was refused although its credential is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallRefusal {
    /// The caller may not do that.
    NotPermitted,
    /// The API key was used from an address that is not among its sources.
    AddressNotTheKeys,
    /// The session's token was used from another address than the one that the session is bound to.
    AddressNotTheSessions,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The user signed out.
    SignedOut,
    /// Another sign-in in the same browser took its place.
    Replaced,
    /// The user ended it from another session.
    EndedByUser,
    /// An administrator ended it.
    EndedByAdministrator,
}
