//! The rules of revoking: by the client (RFC 7009 §2.1), where one token of a grant ends all of them, and by an administrator.

use super::{
    aggregate::{Grant, Stage},
    commands::{Revocation, TokenClaim},
    error::GrantError,
    events::{GrantEvent, RevocationReason},
};
use crate::values::{Timestamp, TokenHash};

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
        let access = self.access.iter().map(|known| (known.generation, &known.hash));
        let refresh = self.replaced.iter().chain(&self.refresh).map(|known| (known.generation, &known.hash));
        match token {
            TokenClaim::Access { generation, secret } => was_issued(access, *generation, Some(secret)),
            TokenClaim::SignedAccess { generation } => was_issued(access, *generation, None),
            TokenClaim::Refresh { generation, secret } => was_issued(refresh, *generation, Some(secret)),
        }
    }
}

/// `latest`: the tokens that a grant remembers, oldest first. Those before are known by their tag or signature alone, which has been
/// verified: whoever holds one may end what came of it.
fn was_issued<'a>(
    latest: impl Iterator<Item = (u32, &'a TokenHash)>,
    generation: u32,
    secret: Option<&TokenHash>,
) -> bool {
    let mut latest = latest.peekable();
    match latest.peek() {
        Some((oldest, _)) if generation < *oldest => true,
        _ => latest.any(|(known, hash)| known == generation && secret.is_none_or(|secret| secret == hash)),
    }
}
