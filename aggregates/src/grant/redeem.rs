//! The rules of exchanging a code (RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 9700 §4.5 and §4.8).

use super::{
    aggregate::{Grant, Stage},
    commands::Redemption,
    error::GrantError,
    events::{GrantEvent, RevocationReason, SpoiledBy},
};
use crate::values::Timestamp;

impl Grant {
    pub(super) fn redeem(&self, redemption: Redemption) -> Result<Vec<GrantEvent>, GrantError> {
        if self.code.as_ref() != Some(&redemption.code) {
            return Err(GrantError::Unknown);
        }
        match self.stage {
            Stage::Authorized => self.first_redemption(redemption),
            Stage::Redeemed => Ok(vec![
                GrantEvent::CodeReplayed { at: redemption.now },
                GrantEvent::Revoked { reason: RevocationReason::CodeReplayed, at: redemption.now },
            ]),
            Stage::Revoked(_) => Err(GrantError::Revoked),
            Stage::NotStarted | Stage::Refused => Err(GrantError::Unknown),
        }
    }

    fn first_redemption(&self, redemption: Redemption) -> Result<Vec<GrantEvent>, GrantError> {
        if redemption.by != self.client {
            return Ok(spoiled(SpoiledBy::AnotherClient(redemption.by), redemption.now));
        }
        if redemption.now >= self.code_expires_at {
            return Err(GrantError::Expired);
        }
        if redemption.redirect_uri.as_deref() != self.redirect_uri.as_ref().map(|uri| uri.as_str()) {
            return Err(GrantError::AnotherRedirectUri);
        }
        match (&self.code_challenge, &redemption.verifier) {
            (None, Some(_)) => return Err(GrantError::UnexpectedVerifier),
            (Some(challenge), verifier) if verifier.as_ref() != Some(challenge) => {
                return Ok(spoiled(SpoiledBy::WrongVerifier, redemption.now));
            }
            (None, None) | (Some(_), _) => {}
        }
        let basis = redemption.door.map_err(GrantError::NotAtTheDoor)?;
        Ok(vec![GrantEvent::CodeRedeemed {
            basis,
            access: redemption.access,
            access_expires_at: redemption.now.after(redemption.access_lifetime),
            refresh: redemption.refresh,
            refresh_expires_at: redemption.now.after(redemption.refresh_lifetime),
            at: redemption.now,
        }])
    }
}

fn spoiled(by: SpoiledBy, now: Timestamp) -> Vec<GrantEvent> {
    vec![
        GrantEvent::CodeSpoiled { by, at: now },
        GrantEvent::Revoked { reason: RevocationReason::CodeSpoiled, at: now },
    ]
}
