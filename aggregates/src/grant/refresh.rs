//! The rules of exchanging a refresh token: rotation with reuse detection (RFC 6749 §6, RFC 9700 §4.14.2).

use super::{
    aggregate::{Grant, RefreshToken, Stage},
    commands::Refresh,
    error::GrantError,
    events::{GrantEvent, RevocationReason},
};
use crate::values::Scope;
use std::collections::BTreeSet;

impl Grant {
    pub(super) fn refresh(&self, refresh: Refresh) -> Result<Vec<GrantEvent>, GrantError> {
        let current = match (self.stage, &self.refresh) {
            (Stage::Redeemed, Some(current)) => current,
            (Stage::Revoked(_), _) => return Err(GrantError::Revoked),
            (Stage::NotStarted | Stage::Refused | Stage::Authorized | Stage::Redeemed, _) => {
                return Err(GrantError::Unknown);
            }
        };
        if refresh.by != self.client {
            return Err(GrantError::AnotherClient);
        }
        if refresh.generation < current.generation {
            return self.repeated(current, refresh);
        }
        if refresh.generation != current.generation || refresh.presented != current.hash {
            return Err(GrantError::Unknown);
        }
        if refresh.now >= self.refresh_expires_at {
            return Err(GrantError::Expired);
        }
        self.next_generation(refresh)
    }

    fn next_generation(&self, refresh: Refresh) -> Result<Vec<GrantEvent>, GrantError> {
        let scopes = self.narrowed(refresh.scopes.as_ref())?;
        let basis = refresh.door.map_err(GrantError::NotAtTheDoor)?;
        Ok(vec![GrantEvent::TokensRefreshed {
            generation: refresh.generation.saturating_add(1),
            basis,
            asked: refresh.scopes,
            scopes,
            access: refresh.access,
            access_expires_at: refresh.now.after(refresh.access_lifetime),
            refresh: refresh.refresh,
            at: refresh.now,
        }])
    }

    /// The token has a successor already. A confidential client that lost the answer gets that same successor, for a moment;
    /// anything else is a stolen token in use, and nobody can tell by which side.
    fn repeated(&self, current: &RefreshToken, refresh: Refresh) -> Result<Vec<GrantEvent>, GrantError> {
        let just_replaced = self.replaced.as_ref().is_some_and(|replaced| {
            (replaced.generation, &replaced.hash) == (refresh.generation, &refresh.presented)
                && refresh.now < current.issued_at.after(refresh.grace)
        });
        if refresh.confidential && just_replaced {
            refresh.door.map_err(GrantError::NotAtTheDoor)?;
            return Ok(vec![]);
        }
        Ok(vec![
            GrantEvent::RefreshReused { generation: refresh.generation, at: refresh.now },
            GrantEvent::Revoked { reason: RevocationReason::RefreshReused, at: refresh.now },
        ])
    }

    fn narrowed(&self, asked: Option<&BTreeSet<Scope>>) -> Result<BTreeSet<Scope>, GrantError> {
        match asked {
            None => Ok(self.scopes.clone()),
            Some(scopes) if scopes.is_subset(&self.scopes) => Ok(scopes.clone()),
            Some(_) => Err(GrantError::ScopeExceedsGrant),
        }
    }
}
