//! A grant's state, and which rule decides which command.

use super::{
    basis::Basis,
    commands::{Authorization, GrantCommand, Refused, ScriptIssue, TokenClaim},
    error::GrantError,
    events::{Epochs, GrantEvent, RevocationReason},
};
use crate::{
    ids::{ClientId, SessionId, UserId},
    values::{ApiKeyPrefix, RedirectUri, Scope, Sealed, Timestamp, TokenHash},
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
    /// The code was redeemed, or a script got its token: tokens were issued.
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

/// What a grant hangs on beside its user and client: it ends with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holder {
    /// The session in which the user authorized.
    Session(SessionId),
    /// The API key that a script came with.
    ApiKey(ApiKeyPrefix),
}

impl Default for Holder {
    fn default() -> Self {
        Self::Session(SessionId::default())
    }
}

/// One authorization. Everything but `stage` is meaningful once it is [`Stage::Authorized`] or [`Stage::Redeemed`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Where it stands.
    pub stage: Stage,
    /// The user who authorized, or whose script came.
    pub user: UserId,
    /// In which session, or by which API key.
    pub holder: Holder,
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
    /// The address of the browser or the script.
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
            (Stage::NotStarted, GrantCommand::IssueToScript(issue)) => Ok(vec![issued(issue)]),
            (Stage::NotStarted, GrantCommand::Refuse(refused)) => Ok(vec![remembered(refused)]),
            (_, GrantCommand::Authorize(_) | GrantCommand::IssueToScript(_) | GrantCommand::Refuse(_)) => {
                Err(GrantError::AlreadyDecided)
            }
            (_, GrantCommand::RedeemCode(redemption)) => self.redeem(redemption),
            (_, GrantCommand::RefreshTokens(refresh)) => self.refresh(refresh),
            (_, GrantCommand::Revoke(revocation)) => self.revoke(&revocation),
            (_, GrantCommand::End(now)) => self.end(now),
        }
    }

    /// The access token that is presented, if it is one and its time is not up. Whether its user, session or API key, and client
    /// still pass is for the caller to find out.
    #[must_use]
    pub fn live_access_token(&self, presented: &TokenClaim, now: Timestamp) -> Option<&AccessToken> {
        let (generation, secret) = match presented {
            TokenClaim::Access { generation, secret } => (generation, Some(secret)),
            TokenClaim::SignedAccess { generation } => (generation, None),
            TokenClaim::Refresh { .. } => return None,
        };
        let token = self.access.iter().find(|token| token.generation == *generation)?;
        let proven = secret.is_none_or(|secret| token.hash == *secret);
        (self.stage == Stage::Redeemed && proven && now < token.expires_at).then_some(token)
    }

    fn evolve(&mut self, event: GrantEvent) {
        match event {
            authorized @ GrantEvent::Authorized { .. } => self.begin(authorized),
            issued @ GrantEvent::IssuedToScript { .. } => self.begin_with_token(issued),
            GrantEvent::Refused { .. } => self.stage = Stage::Refused,
            GrantEvent::CodeRedeemed { access, access_expires_at, refresh, refresh_expires_at, at, .. } => {
                self.stage = Stage::Redeemed;
                self.refresh_expires_at = refresh_expires_at;
                let scopes = self.scopes.clone();
                let access = AccessToken { generation: 1, hash: access, expires_at: access_expires_at, scopes };
                self.issue(access, refresh, at);
            }
            GrantEvent::TokensRefreshed { generation, scopes, access, access_expires_at, refresh, at, .. } => {
                let access = AccessToken { generation, hash: access, expires_at: access_expires_at, scopes };
                self.issue(access, refresh, at);
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
            holder: Holder::Session(session),
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

    fn begin_with_token(&mut self, event: GrantEvent) {
        let GrantEvent::IssuedToScript {
            user,
            api_key,
            client,
            basis: Basis { authenticated_at, .. },
            epochs,
            scopes,
            access: hash,
            access_expires_at: expires_at,
            address,
            ..
        } = event
        else {
            return;
        };
        *self = Self {
            stage: Stage::Redeemed,
            user,
            holder: Holder::ApiKey(api_key),
            client,
            epochs,
            access: vec![AccessToken { generation: 1, hash, expires_at, scopes: scopes.clone() }],
            scopes,
            address,
            authenticated_at,
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

fn issued(issue: ScriptIssue) -> GrantEvent {
    GrantEvent::IssuedToScript {
        user: issue.user,
        api_key: issue.api_key,
        client: issue.client,
        basis: issue.basis,
        epochs: issue.epochs,
        scopes: issue.scopes,
        access: issue.access,
        access_expires_at: issue.now.after(issue.access_lifetime),
        address: issue.address,
        at: issue.now,
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
        known: refused.known,
        missing: refused.missing,
        count: refused.count,
        at: refused.now,
    }
}
