//! The rules of a session.

use super::{
    commands::{Narrowing, Reauthentication, RefusedCall, SessionCommand, SignIn},
    error::SessionError,
    events::{AuthenticationMethod, EndReason, SessionEvent},
};
use crate::{
    ids::{SessionId, UserId},
    values::{Constraints, Sealed, Timestamp, TokenHash},
};
use serde::{Deserialize, Serialize};

/// A session is narrowed so many times at most, each time from the one before.
const MOST_ANCESTORS: usize = 8;

/// Where a session stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Nothing happened.
    #[default]
    NotStarted,
    /// The user is signed in.
    Alive,
    /// An attempt at a sign-in, or a call, that failed.
    Refused,
    /// It was ended.
    Ended(EndReason, Timestamp),
}

/// One sign-in. Everything but `stage` is meaningful once it is [`Stage::Alive`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Where it stands.
    pub stage: Stage,
    /// Who signed in.
    pub user: UserId,
    /// The user's epoch that it was started under.
    pub user_epoch: i64,
    /// How the user last proved who they are.
    pub method: AuthenticationMethod,
    /// When the user last proved it: the `auth_time` claim.
    pub authenticated_at: Timestamp,
    /// SHA-256 of the present session token's secret.
    pub token: Option<TokenHash>,
    /// Counts the session's tokens, from 1.
    pub generation: u32,
    /// The address that it is bound to.
    pub address: Sealed,
    /// The user may do nothing but choose a new password.
    pub must_change_password: bool,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ends by itself.
    pub valid_until: Timestamp,
    /// The sessions that it was narrowed from, the nearest first.
    pub ancestors: Vec<SessionId>,
    /// What narrows it.
    pub bounds: Vec<Constraints>,
}

aggregate!(Session, "session", SessionCommand, SessionEvent, SessionError);

impl Session {
    /// Decides what a command leads to.
    ///
    /// # Errors
    /// The rule that the command breaks.
    pub fn decide(&self, command: SessionCommand) -> Result<Vec<SessionEvent>, SessionError> {
        match (self.stage, command) {
            (Stage::NotStarted, SessionCommand::Start(sign_in)) => Ok(vec![started(sign_in)]),
            (Stage::NotStarted, SessionCommand::StartConstrained { sign_in, narrowing }) => {
                Ok(vec![started(sign_in), constrained(narrowing)?])
            }
            (Stage::NotStarted, SessionCommand::Refuse(attempt)) => Ok(vec![SessionEvent::SignInRefused {
                user: attempt.user,
                domain: attempt.domain,
                reason: attempt.reason,
                at: attempt.now,
            }]),
            (Stage::NotStarted, SessionCommand::RefuseCall(call)) => Ok(vec![call_refused(call)]),
            (
                _,
                SessionCommand::Start(_)
                | SessionCommand::StartConstrained { .. }
                | SessionCommand::Refuse(_)
                | SessionCommand::RefuseCall(_),
            ) => Err(SessionError::AlreadyStarted),
            (Stage::Alive, SessionCommand::Reauthenticate(proof)) => self.reauthenticate(proof),
            (Stage::Alive, SessionCommand::End { reason, now }) => Ok(vec![SessionEvent::Ended { reason, at: now }]),
            (Stage::Ended(..), SessionCommand::End { .. }) => Ok(vec![]),
            (_, SessionCommand::Reauthenticate(_) | SessionCommand::End { .. }) => Err(SessionError::Over),
        }
    }

    fn reauthenticate(&self, proof: Reauthentication) -> Result<Vec<SessionEvent>, SessionError> {
        if proof.now >= self.valid_until {
            return Err(SessionError::Over);
        }
        if (proof.user, proof.user_epoch) != (self.user, self.user_epoch) {
            return Err(SessionError::AnotherUser);
        }
        Ok(vec![SessionEvent::FactorVerified {
            method: proof.method,
            token: proof.token,
            at: proof.now,
            valid_until: proof.valid_until,
        }])
    }

    fn evolve(&mut self, event: SessionEvent) {
        match event {
            started @ SessionEvent::Started { .. } => self.begin(started),
            SessionEvent::Constrained { ancestors, bounds, authenticated_at } => {
                self.ancestors = ancestors;
                self.bounds = bounds;
                self.authenticated_at = authenticated_at;
            }
            SessionEvent::FactorVerified { method, token, at, valid_until } => {
                self.valid_until = valid_until;
                self.method = method;
                self.authenticated_at = at;
                self.token = Some(token);
                self.generation = self.generation.saturating_add(1);
            }
            SessionEvent::SignInRefused { .. } | SessionEvent::CallRefused { .. } => self.stage = Stage::Refused,
            SessionEvent::Ended { reason, at } => self.stage = Stage::Ended(reason, at),
        }
    }

    fn begin(&mut self, event: SessionEvent) {
        let SessionEvent::Started { user, user_epoch, method, token, address, must_change_password, at, valid_until } =
            event
        else {
            return;
        };
        *self = Self {
            stage: Stage::Alive,
            user,
            user_epoch,
            method,
            authenticated_at: at,
            token: Some(token),
            generation: 1,
            address,
            must_change_password,
            started_at: at,
            valid_until,
            ancestors: Vec::new(),
            bounds: Vec::new(),
        };
    }
}

fn started(sign_in: SignIn) -> SessionEvent {
    SessionEvent::Started {
        user: sign_in.user,
        user_epoch: sign_in.user_epoch,
        method: sign_in.method,
        token: sign_in.token,
        address: sign_in.address,
        must_change_password: sign_in.must_change_password,
        at: sign_in.now,
        valid_until: sign_in.valid_until,
    }
}

fn call_refused(refused: RefusedCall) -> SessionEvent {
    let RefusedCall { user, credential, call, reason, count, now } = refused;
    SessionEvent::CallRefused { user, credential, call, reason, count, at: now }
}

fn constrained(narrowing: Narrowing) -> Result<SessionEvent, SessionError> {
    let Narrowing { parent, mut ancestors, mut bounds, constraints, authenticated_at } = narrowing;
    ancestors.insert(0, parent);
    bounds.push(constraints);
    if ancestors.len() > MOST_ANCESTORS {
        return Err(SessionError::TooNarrow);
    }
    Ok(SessionEvent::Constrained { ancestors, bounds, authenticated_at })
}
