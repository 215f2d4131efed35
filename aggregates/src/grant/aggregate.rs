//! A grant's state, and which rule decides which command.

use super::{
    commands::{Authorization, GrantCommand, Refused},
    error::GrantError,
    events::{Epochs, GrantEvent, RevocationReason},
};
use crate::{
    ids::{ClientId, SessionId, UserId},
    values::{RedirectUri, Scope, Sealed, Timestamp, TokenHash},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// So many access tokens of one grant can be live at once; the oldest ends before its time when there are more.
const LIVE_ACCESS_TOKENS: usize = 8;

/// Where a grant stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Nothing happened.
    #[default]
    NotStarted,
    /// A refusal; nothing was issued.
    Refused,
    /// A code was issued.
    Authorized,
    /// The code was redeemed.
    Redeemed,
    /// Over.
    Revoked(RevocationReason),
}

/// An access token that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// Its generation.
    pub generation: u32,
    /// SHA-256 of its secret.
    pub hash: TokenHash,
    /// When it expires.
    pub expires_at: Timestamp,
    /// What it is for.
    pub scopes: BTreeSet<Scope>,
}

/// A refresh token that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshToken {
    /// Its generation.
    pub generation: u32,
    /// SHA-256 of its secret.
    pub hash: TokenHash,
    /// When it was issued.
    pub issued_at: Timestamp,
}

/// One authorization. Everything but `stage` is meaningful once it is [`Stage::Authorized`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Where it stands.
    pub stage: Stage,
    /// The user who authorized.
    pub user: UserId,
    /// The session in which they did.
    pub session: SessionId,
    /// The client that may act.
    pub client: ClientId,
    /// What must stay as it was.
    pub epochs: Epochs,
    /// Where the code was sent to.
    pub redirect_uri: Option<RedirectUri>,
    /// What was granted.
    pub scopes: BTreeSet<Scope>,
    /// The request's `nonce`.
    pub nonce: Option<String>,
    /// The request's S256 challenge.
    pub code_challenge: Option<String>,
    /// SHA-256 of the code's secret.
    pub code: Option<TokenHash>,
    /// Until when the code can be redeemed.
    pub code_expires_at: Timestamp,
    /// The browser's address.
    pub address: Sealed,
    /// When the user last proved who they are: the `auth_time` claim.
    pub authenticated_at: Timestamp,
    /// The latest access tokens, oldest first.
    pub access: Vec<AccessToken>,
    /// The refresh token that can be used.
    pub refresh: Option<RefreshToken>,
    /// The one before it, which a confidential client may repeat for a moment.
    pub replaced: Option<RefreshToken>,
    /// When the last refresh token expires.
    pub refresh_expires_at: Timestamp,
}

aggregate!(Grant, "grant", GrantCommand, GrantEvent, GrantError);

impl Grant {
    /// Decides what a command leads to. No events means that the present state is the answer.
    ///
    /// # Errors
    /// The rule that the command breaks.
    pub fn decide(&self, command: GrantCommand) -> Result<Vec<GrantEvent>, GrantError> {
        match (self.stage, command) {
            (Stage::NotStarted, GrantCommand::Authorize(authorization)) => Ok(vec![authorized(authorization)]),
            (Stage::NotStarted, GrantCommand::Refuse(refused)) => Ok(vec![remembered(refused)]),
            (_, GrantCommand::Authorize(_) | GrantCommand::Refuse(_)) => Err(GrantError::AlreadyDecided),
            (_, GrantCommand::RedeemCode(redemption)) => self.redeem(redemption),
            (_, GrantCommand::RefreshTokens(refresh)) => self.refresh(refresh),
        }
    }

    /// The access token of this generation, if this is its secret and its time is not up. Whether its user, session and client
    /// still pass is for the caller to find out.
    #[must_use]
    pub fn live_access_token(&self, generation: u32, secret: &TokenHash, now: Timestamp) -> Option<&AccessToken> {
        let token = self.access.iter().find(|token| token.generation == generation)?;
        (self.stage == Stage::Redeemed && token.hash == *secret && now < token.expires_at).then_some(token)
    }

    fn evolve(&mut self, event: GrantEvent) {
        match event {
            authorized @ GrantEvent::Authorized { .. } => self.begin(authorized),
            GrantEvent::Refused { .. } => self.stage = Stage::Refused,
            GrantEvent::CodeRedeemed { access, access_expires_at, refresh, refresh_expires_at, at, .. } => {
                self.stage = Stage::Redeemed;
                self.refresh_expires_at = refresh_expires_at;
                let scopes = self.scopes.clone();
                self.issue(
                    AccessToken { generation: 1, hash: access, expires_at: access_expires_at, scopes },
                    refresh,
                    at,
                );
            }
            GrantEvent::TokensRefreshed { generation, scopes, access, access_expires_at, refresh, at, .. } => {
                self.issue(
                    AccessToken { generation, hash: access, expires_at: access_expires_at, scopes },
                    refresh,
                    at,
                );
            }
            GrantEvent::Revoked { reason, .. } => self.stage = Stage::Revoked(reason),
            GrantEvent::CodeSpoiled { .. } | GrantEvent::CodeReplayed { .. } | GrantEvent::RefreshReused { .. } => {}
        }
    }

    fn begin(&mut self, event: GrantEvent) {
        let GrantEvent::Authorized {
            user,
            session,
            client,
            basis,
            epochs,
            redirect_uri,
            scopes,
            nonce,
            code_challenge,
            code,
            code_expires_at,
            address,
            ..
        } = event
        else {
            return;
        };
        *self = Self {
            stage: Stage::Authorized,
            user,
            session,
            client,
            epochs,
            redirect_uri: Some(redirect_uri),
            scopes,
            nonce,
            code_challenge,
            code: Some(code),
            code_expires_at,
            address,
            authenticated_at: basis.authenticated_at,
            ..Self::default()
        };
    }

    fn issue(&mut self, access: AccessToken, refresh: TokenHash, at: Timestamp) {
        self.replaced = self.refresh.take();
        self.refresh = Some(RefreshToken { generation: access.generation, hash: refresh, issued_at: at });
        self.access.push(access);
        let surplus = self.access.len().saturating_sub(LIVE_ACCESS_TOKENS);
        self.access.drain(..surplus);
    }
}

fn authorized(authorization: Authorization) -> GrantEvent {
    GrantEvent::Authorized {
        user: authorization.user,
        session: authorization.session,
        client: authorization.client,
        basis: authorization.basis,
        epochs: authorization.epochs,
        redirect_uri: authorization.redirect_uri,
        scopes: authorization.scopes,
        nonce: authorization.nonce,
        code_challenge: authorization.code_challenge,
        code: authorization.code,
        code_expires_at: authorization.now.after(authorization.code_lifetime),
        address: authorization.address,
        at: authorization.now,
    }
}

fn remembered(refused: Refused) -> GrantEvent {
    GrantEvent::Refused {
        client: refused.client,
        client_version: refused.client_version,
        customer: refused.customer,
        user: refused.user,
        session: refused.session,
        grant: refused.grant,
        step: refused.step,
        reason: refused.reason,
        required_function: refused.required_function,
        scopes: refused.scopes,
        count: refused.count,
        at: refused.now,
    }
}
