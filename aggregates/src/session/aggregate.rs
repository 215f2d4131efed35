//! The rules of a session.

use super::{
    commands::{Reauthentication, SessionCommand},
    error::SessionError,
    events::{AuthenticationMethod, EndReason, SessionEvent},
};
use crate::{
    ids::UserId,
    values::{Sealed, Timestamp, TokenHash},
};
use serde::{Deserialize, Serialize};

/// Where a session stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Nothing happened.
    #[default]
    NotStarted,
    /// The user is signed in.
    Alive,
    /// An attempt that failed.
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
}

aggregate!(Session, "session", SessionCommand, SessionEvent, SessionError);

impl Session {
    /// Decides what a command leads to.
    ///
    /// # Errors
    /// The rule that the command breaks.
    pub fn decide(&self, command: SessionCommand) -> Result<Vec<SessionEvent>, SessionError> {
        match (self.stage, command) {
            (Stage::NotStarted, SessionCommand::Start(sign_in)) => Ok(vec![SessionEvent::Started {
                user: sign_in.user,
                user_epoch: sign_in.user_epoch,
                method: sign_in.method,
                token: sign_in.token,
                address: sign_in.address,
                must_change_password: sign_in.must_change_password,
                at: sign_in.now,
                valid_until: sign_in.valid_until,
            }]),
            (Stage::NotStarted, SessionCommand::Refuse(attempt)) => Ok(vec![SessionEvent::SignInRefused {
                user: attempt.user,
                domain: attempt.domain,
                reason: attempt.reason,
                at: attempt.now,
            }]),
            (_, SessionCommand::Start(_) | SessionCommand::Refuse(_)) => Err(SessionError::AlreadyStarted),
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
            SessionEvent::Started {
                user,
                user_epoch,
                method,
                token,
                address,
                must_change_password,
                at,
                valid_until,
            } => {
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
                };
            }
            SessionEvent::FactorVerified { method, token, at, valid_until } => {
                self.valid_until = valid_until;
                self.method = method;
                self.authenticated_at = at;
                self.token = Some(token);
                self.generation = self.generation.saturating_add(1);
            }
            SessionEvent::SignInRefused { .. } => self.stage = Stage::Refused,
            SessionEvent::Ended { reason, at } => self.stage = Stage::Ended(reason, at),
        }
    }
}
