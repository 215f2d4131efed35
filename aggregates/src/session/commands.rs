//! What can be asked of a session.

use super::events::{AuthenticationMethod, CallRefusal, EndReason, RealCredential, SignInRefusal};
use crate::{
    ids::{DomainId, SessionId, UserId},
    values::{Constraints, Sealed, Timestamp, TokenHash},
};

/// Commands to one session.
#[derive(Debug, Clone)]
pub enum SessionCommand {
    /// Begin: the user's proof was checked and is good.
    Start(SignIn),
    /// Begin as a narrowed copy of another session that is alive.
    StartConstrained {
        /// The sign-in of the other one, with a token of its own.
        sign_in: SignIn,
        /// Where it comes from, and what it is narrowed to.
        narrowing: Narrowing,
    },
    /// The same user gave a good proof once more.
    Reauthenticate(Reauthentication),
    /// Remember that somebody did not get in.
    Refuse(RefusedSignIn),
    /// Remember that a real credential did not get what it asked for.
    RefuseCall(RefusedCall),
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

/// How one session is narrowed from another.
#[derive(Debug, Clone)]
pub struct Narrowing {
    /// The other one.
    pub parent: SessionId,
    /// Those that the other one was narrowed from, the nearest first.
    pub ancestors: Vec<SessionId>,
    /// What narrows the other one.
    pub bounds: Vec<Constraints>,
    /// What this one is narrowed to.
    pub constraints: Constraints,
    /// When the user last proved who they are there.
    pub authenticated_at: Timestamp,
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

/// A call that was refused although its credential is real.
#[derive(Debug, Clone)]
pub struct RefusedCall {
    /// Whose credential.
    pub user: UserId,
    /// Which.
    pub credential: RealCredential,
    /// Method and route.
    pub call: String,
    /// Why.
    pub reason: CallRefusal,
    /// How many equal ones it stands for.
    pub count: u32,
    /// When the last of them was.
    pub now: Timestamp,
}
