//! What can be asked of a grant.

use super::{
    basis::{Basis, Known, Missing},
    events::{Epochs, Refusal},
};
use crate::{
    ids::{ClientId, CustomerId, FunctionId, GrantId, SessionId, UserId},
    values::{ApiKeyPrefix, RedirectUri, Scope, Sealed, Seconds, Timestamp, TokenHash},
};
use std::collections::BTreeSet;

/// Commands to one grant.
#[derive(Debug, Clone)]
pub enum GrantCommand {
    /// Begin: the full check was passed.
    Authorize(Authorization),
    /// Begin and issue at once: a script passed the full check.
    IssueToScript(ScriptIssue),
    /// Remember a refusal.
    Refuse(Refused),
    /// Exchange the code.
    RedeemCode(Redemption),
    /// Exchange a refresh token.
    RefreshTokens(Refresh),
    /// End it, as its client asks.
    Revoke(Revocation),
    /// End it now, as somebody asks who may administer it.
    End(Timestamp),
}

/// A permitted authorization request.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// The user.
    pub user: UserId,
    /// Their session.
    pub session: SessionId,
    /// The client.
    pub client: ClientId,
    /// What it was decided on.
    pub basis: Basis,
    /// What must stay as it was.
    pub epochs: Epochs,
    /// The registered redirect URI that was named.
    pub redirect_uri: RedirectUri,
    /// What is granted.
    pub scopes: BTreeSet<Scope>,
    /// The request's `nonce`.
    pub nonce: Option<String>,
    /// The request's S256 challenge.
    pub code_challenge: Option<String>,
    /// SHA-256 of the code's secret.
    pub code: TokenHash,
    /// How long the code can be redeemed.
    pub code_lifetime: Seconds,
    /// The browser's address, sealed.
    pub address: Sealed,
    /// When.
    pub now: Timestamp,
}

/// A permitted request to the token endpoint with `grant_type=client_credentials`.
#[derive(Debug, Clone)]
pub struct ScriptIssue {
    /// The owner of the key.
    pub user: UserId,
    /// The key.
    pub api_key: ApiKeyPrefix,
    /// The client.
    pub client: ClientId,
    /// What it was decided on.
    pub basis: Basis,
    /// What must stay as it was.
    pub epochs: Epochs,
    /// What is granted.
    pub scopes: BTreeSet<Scope>,
    /// SHA-256 of the access token's secret.
    pub access: TokenHash,
    /// How long the access token lives.
    pub access_lifetime: Seconds,
    /// The script's address, sealed.
    pub address: Sealed,
    /// When.
    pub now: Timestamp,
}

/// A refusal worth remembering: see [`super::GrantEvent::Refused`] for the fields.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the same fields as the event, which describes them")]
pub struct Refused {
    pub client: ClientId,
    pub client_version: i64,
    pub customer: Option<CustomerId>,
    pub user: Option<UserId>,
    pub session: Option<SessionId>,
    pub grant: Option<GrantId>,
    pub step: String,
    pub reason: Refusal,
    pub required_function: FunctionId,
    pub scopes: BTreeSet<Scope>,
    pub known: Known,
    pub missing: Option<Missing>,
    pub count: u32,
    pub now: Timestamp,
}

/// A request to the token endpoint with `grant_type=authorization_code`, from a client that was authenticated.
#[derive(Debug, Clone)]
pub struct Redemption {
    /// The client that asks.
    pub by: ClientId,
    /// SHA-256 of the presented code's secret.
    pub code: TokenHash,
    /// The `redirect_uri` of the request, as it was sent.
    pub redirect_uri: Option<String>,
    /// BASE64URL(SHA256(`code_verifier`)) of the request (RFC 7636 §4.6).
    pub verifier: Option<String>,
    /// What the door says about the user, session and client now.
    pub door: Result<Basis, Refusal>,
    /// SHA-256 of the access token's secret, should it be issued.
    pub access: TokenHash,
    /// SHA-256 of the refresh token's secret, should it be issued.
    pub refresh: TokenHash,
    /// How long the access token lives.
    pub access_lifetime: Seconds,
    /// How long the grant can be refreshed.
    pub refresh_lifetime: Seconds,
    /// When.
    pub now: Timestamp,
}

/// A request to the token endpoint with `grant_type=refresh_token`, from a client that was authenticated.
#[derive(Debug, Clone)]
pub struct Refresh {
    /// The client that asks.
    pub by: ClientId,
    /// The client is confidential, so that a repeated request within [`Refresh::grace`] is a retry, not a theft.
    pub confidential: bool,
    /// The generation that the presented token names.
    pub generation: u32,
    /// SHA-256 of the presented token's secret.
    pub presented: TokenHash,
    /// The `scope` of the request; `None` asks for what was granted.
    pub scopes: Option<BTreeSet<Scope>>,
    /// What the door says about the user, session and client now.
    pub door: Result<Basis, Refusal>,
    /// SHA-256 of the next access token's secret.
    pub access: TokenHash,
    /// SHA-256 of the next refresh token's secret.
    pub refresh: TokenHash,
    /// How long the access token lives.
    pub access_lifetime: Seconds,
    /// How long a confidential client may repeat the request.
    pub grace: Seconds,
    /// When.
    pub now: Timestamp,
}

/// A token that is presented to be recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenClaim {
    /// An access token by its secret.
    Access {
        /// The generation that it names.
        generation: u32,
        /// SHA-256 of its secret.
        secret: TokenHash,
    },
    /// An access token by our signature, which was verified: a JWT holds no secret.
    SignedAccess {
        /// The generation that it names.
        generation: u32,
    },
    /// A refresh token.
    Refresh {
        /// The generation that it names.
        generation: u32,
        /// SHA-256 of its secret.
        secret: TokenHash,
    },
}

/// A request to the revocation endpoint (RFC 7009), from a client that was authenticated.
#[derive(Debug, Clone)]
pub struct Revocation {
    /// The client that asks.
    pub by: ClientId,
    /// The token that it presents.
    pub token: TokenClaim,
    /// When.
    pub now: Timestamp,
}
