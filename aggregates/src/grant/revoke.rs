//! The rules of revoking: by the client (RFC 7009 §2.1), where one token of a grant ends all of them, and by an administrator.

use super::{
    aggregate::{Grant, Stage},
    commands::{Revocation, TokenClaim},
    error::GrantError,
    events::{GrantEvent, RevocationReason},
};
use crate::values::Timestamp;

impl Grant {
    pub(super) fn revoke(&self, revocation: &Revocation) -> Result<Vec<GrantEvent>, GrantError> {
        if revocation.by != self.client {
            return Err(GrantError::AnotherClient);
        }
        if !self.issued(&revocation.token) {
            return Err(GrantError::Unknown);
        }
        match self.stage {
            Stage::Redeemed => Ok(vec![GrantEvent::Revoked { reason: RevocationReason::ByClient, at: revocation.now }]),
            Stage::Revoked(_) => Ok(vec![]),
            Stage::NotStarted | Stage::Refused | Stage::Authorized => Err(GrantError::Unknown),
        }
    }

    /// Whoever may do this need not know a token, so that the code ends as well.
    pub(super) fn end(&self, now: Timestamp) -> Result<Vec<GrantEvent>, GrantError> {
        match self.stage {
            Stage::Authorized | Stage::Redeemed => {
                Ok(vec![GrantEvent::Revoked { reason: RevocationReason::ByAdministrator, at: now }])
            }
            Stage::Revoked(_) => Ok(vec![]),
            Stage::NotStarted | Stage::Refused => Err(GrantError::Unknown),
        }
    }

    /// Whether it is a token of this grant, alive or not.
    fn issued(&self, token: &TokenClaim) -> bool {
        match token {
            TokenClaim::Access { generation, secret } => {
                self.access.iter().any(|known| (known.generation, &known.hash) == (*generation, secret))
            }
            TokenClaim::SignedAccess { generation } => self.access.iter().any(|known| known.generation == *generation),
            TokenClaim::Refresh { generation, secret } => {
                let mut known = self.refresh.iter().chain(&self.replaced);
                known.any(|known| (known.generation, &known.hash) == (*generation, secret))
            }
        }
    }
}
