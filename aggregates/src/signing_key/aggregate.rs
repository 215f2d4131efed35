//! The rules of a signing key.

use super::{SigningKeyCommand, SigningKeyError, SigningKeyEvent};
use crate::values::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a key stands in its life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// There is no key yet.
    #[default]
    NotStarted,
    /// Published, does not sign yet.
    Successor,
    /// Published and signs.
    Active,
    /// Signs no more.
    Retired,
}

/// One signing key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKey {
    status: Status,
    generated_at: Timestamp,
}

aggregate!(SigningKey, "signing_key", SigningKeyCommand, SigningKeyEvent, SigningKeyError);

impl SigningKey {
    /// Where it stands.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    pub(super) fn decide(&self, command: SigningKeyCommand) -> Result<Vec<SigningKeyEvent>, SigningKeyError> {
        let event = match (command, self.status) {
            (SigningKeyCommand::Generate { algorithm, public_jwk, sealed_private, now }, Status::NotStarted) => {
                SigningKeyEvent::Generated { algorithm, public_jwk, sealed_private, at: now }
            }
            (SigningKeyCommand::Generate { .. }, _) => return Err(SigningKeyError::Exists),
            (SigningKeyCommand::Activate { published_for, now }, Status::Successor) => {
                if now < self.generated_at.after(published_for) {
                    return Err(SigningKeyError::TooYoung);
                }
                SigningKeyEvent::Activated { at: now }
            }
            (SigningKeyCommand::Activate { .. }, _) => return Err(SigningKeyError::NotSuccessor),
            (SigningKeyCommand::Retire { published_for, now }, Status::Active) => {
                SigningKeyEvent::Retired { at: now, published_until: now.after(published_for) }
            }
            (SigningKeyCommand::Retire { .. }, _) => return Err(SigningKeyError::NotActive),
        };
        Ok(vec![event])
    }

    #[expect(clippy::needless_pass_by_value, reason = "the contract of every aggregate")]
    fn evolve(&mut self, event: SigningKeyEvent) {
        match event {
            SigningKeyEvent::Generated { at, .. } => {
                self.status = Status::Successor;
                self.generated_at = at;
            }
            SigningKeyEvent::Activated { .. } => self.status = Status::Active,
            SigningKeyEvent::Retired { .. } => self.status = Status::Retired,
        }
    }
}
