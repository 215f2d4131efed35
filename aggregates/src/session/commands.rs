//! What can be asked of a session.

use super::events::{AuthenticationMethod, EndReason, SignInRefusal};
use crate::{
    ids::{DomainId, UserId},
    values::{Sealed, Timestamp, TokenHash},
};

/// Commands to one session.
#[derive(Debug, Clone)]
pub enum SessionCommand {
    /// Begin: the user's proof was checked and is good.
    Start(SignIn),
    /// The same user gave a good proof once more.
    Reauthenticate(Reauthentication),
    /// Remember that somebody did not get in.
    Refuse(RefusedSignIn),
    /// End it.
    End {
        /// Why.
        reason: EndReason,
        /// When.
        now: Timestamp,
    },
}

/// A checked sign-in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Who.
    pub user: UserId,
    /// The user's epoch when the proof was checked.
    pub user_epoch: i64,
    /// How.
    pub method: AuthenticationMethod,
    /// SHA-256 of the session token's secret.
    pub token: TokenHash,
    /// The caller's address, sealed.
    pub address: Sealed,
    /// The password was set by somebody else and must be changed first.
    pub must_change_password: bool,
    /// When.
    pub now: Timestamp,
    /// When the session ends by itself.
    pub valid_until: Timestamp,
}

/// A checked proof of a user who is signed in already.
#[derive(Debug, Clone)]
pub struct Reauthentication {
    /// Who gave the proof.
    pub user: UserId,
    /// The user's epoch when the proof was checked.
    pub user_epoch: i64,
    /// How.
    pub method: AuthenticationMethod,
    /// SHA-256 of the new session token's secret.
    pub token: TokenHash,
    /// When.
    pub now: Timestamp,
    /// When the session then ends by itself.
    pub valid_until: Timestamp,
}

/// An attempt that failed.
#[derive(Debug, Clone)]
pub struct RefusedSignIn {
    /// The account that was meant, when there is one.
    pub user: Option<UserId>,
    /// Its domain, when there is one.
    pub domain: Option<DomainId>,
    /// Why.
    pub reason: SignInRefusal,
    /// When.
    pub now: Timestamp,
}
