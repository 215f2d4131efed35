//! What has happened to a grant.

use super::basis::{Basis, Known, Missing};
use crate::{
    ids::{ClientId, CustomerId, FunctionId, GrantId, SessionId, UserId},
    values::{ApiKeyPrefix, RedirectUri, Scope, Sealed, Timestamp, TokenHash},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Facts about one grant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantEvent {
    /// The client may act for the user; a code was issued.
    Authorized {
        /// The user who authorized.
        user: UserId,
        /// The session in which they did.
        session: SessionId,
        /// The client that may act.
        client: ClientId,
        /// What it was decided on.
        basis: Basis,
        /// What must stay as it was for the grant to live.
        epochs: Epochs,
        /// The redirect URI that the code was sent to.
        redirect_uri: RedirectUri,
        /// What was granted, which is what was asked for: anything else is refused.
        scopes: BTreeSet<Scope>,
        /// The `nonce` of the request (OpenID Connect Core §3.1.2.1).
        nonce: Option<String>,
        /// The S256 `code_challenge` of the request (RFC 7636 §4.3).
        code_challenge: Option<String>,
        /// SHA-256 of the code's secret.
        code: TokenHash,
        /// Until when the code can be redeemed.
        code_expires_at: Timestamp,
        /// The address of the user's browser, which the tokens are bound to.
        address: Sealed,
        /// When.
        at: Timestamp,
    },
    /// A script that holds a user's API key got an access token for the client (RFC 6749 §4.4); there is no refresh token.
    IssuedToScript {
        /// The owner of the key.
        user: UserId,
        /// The key.
        api_key: ApiKeyPrefix,
        /// The client that the token is for.
        client: ClientId,
        /// What it was decided on.
        basis: Basis,
        /// What must stay as it was for the grant to live.
        epochs: Epochs,
        /// What was granted, which is what was asked for: anything else is refused.
        scopes: BTreeSet<Scope>,
        /// SHA-256 of the access token's secret.
        access: TokenHash,
        /// When the access token expires.
        access_expires_at: Timestamp,
        /// The address of the script, which the token is bound to.
        address: Sealed,
        /// When.
        at: Timestamp,
    },
    /// A client that is real did not get what it asked for. The stream has this one event.
    Refused {
        /// The client that asked.
        client: ClientId,
        /// The version of its definition.
        client_version: i64,
        /// The customer that the client is bound to.
        customer: Option<CustomerId>,
        /// The user that it was about, as far as known.
        user: Option<UserId>,
        /// The session that it was about, as far as known.
        session: Option<SessionId>,
        /// The grant whose code or token was presented.
        grant: Option<GrantId>,
        /// The step that was asked for: `authorize` or a `grant_type` of RFC 6749.
        step: String,
        /// Why not.
        reason: Refusal,
        /// The function that the client requires.
        required_function: FunctionId,
        /// What was asked for.
        scopes: BTreeSet<Scope>,
        /// What was known at that point.
        known: Known,
        /// What was missing.
        missing: Option<Missing>,
        /// How many equal refusals this event stands for.
        count: u32,
        /// When.
        at: Timestamp,
    },
    /// The code was exchanged for tokens.
    CodeRedeemed {
        /// What it was decided on, anew.
        basis: Basis,
        /// SHA-256 of the access token's secret.
        access: TokenHash,
        /// When the access token expires.
        access_expires_at: Timestamp,
        /// SHA-256 of the refresh token's secret.
        refresh: TokenHash,
        /// When the last refresh token of this grant expires.
        refresh_expires_at: Timestamp,
        /// When.
        at: Timestamp,
    },
    /// A code was presented by a client that is not its own, or with a proof that is not its own; it cannot be used any more.
    CodeSpoiled {
        /// By what.
        by: SpoiledBy,
        /// When.
        at: Timestamp,
    },
    /// A redeemed code was presented once more (RFC 9700 §4.5).
    CodeReplayed {
        /// When.
        at: Timestamp,
    },
    /// A refresh token was exchanged for the next generation of tokens.
    TokensRefreshed {
        /// The generation of the new tokens.
        generation: u32,
        /// What it was decided on, anew.
        basis: Basis,
        /// What was asked for; `None` asks for all that was granted.
        asked: Option<BTreeSet<Scope>>,
        /// What the new access token is for.
        scopes: BTreeSet<Scope>,
        /// SHA-256 of the access token's secret.
        access: TokenHash,
        /// When the access token expires.
        access_expires_at: Timestamp,
        /// SHA-256 of the refresh token's secret.
        refresh: TokenHash,
        /// When.
        at: Timestamp,
    },
    /// A refresh token that had a successor already was presented (RFC 9700 §4.14.2).
    RefreshReused {
        /// The generation of the token that was presented.
        generation: u32,
        /// When.
        at: Timestamp,
    },
    /// No token of this grant works any more.
    Revoked {
        /// Why.
        reason: RevocationReason,
        /// When.
        at: Timestamp,
    },
}

stored_as!(GrantEvent {
    Authorized => "grant.authorized" "1",
    IssuedToScript => "grant.issued_to_script" "1",
    Refused => "grant.refused" "1",
    CodeRedeemed => "grant.code_redeemed" "1",
    CodeSpoiled => "grant.code_spoiled" "1",
    CodeReplayed => "grant.code_replayed" "1",
    TokensRefreshed => "grant.tokens_refreshed" "1",
    RefreshReused => "grant.refresh_reused" "1",
    Revoked => "grant.revoked" "1",
});

/// Counters that rise when tokens must die: compared at every use, so that revoking is one append and unblocking revives nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epochs {
    /// The user's.
    pub user: i64,
    /// The client's.
    pub client: i64,
}

/// Why a client did not get what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The user is blocked or deleted.
    UserNotActive,
    /// The user has to choose a new password first.
    PasswordChangeRequired,
    /// The user signed out, or the session's time is up, or the user's epoch rose.
    SessionOver,
    /// The client was deleted or disabled, or its epoch rose.
    ClientNotActive,
    /// The user does not hold the required function for the client's customer.
    FunctionNotHeld,
    /// The caller is outside the client's address ranges.
    AddressOutsideRanges,
    /// A token that works was used from an address that it may not be used from, or for a user elsewhere.
    AddressNotTheTokens,
    /// The API key is another, is over, or may not be used from there.
    ApiKeyNotValid,
    /// The client is not for scripts.
    ScriptsNotPermitted,
    /// The client secret is wrong or missing.
    ClientNotAuthenticated,
    /// The code, token or redirect URI is not the one that was issued, or is expired.
    InvalidGrant,
    /// A code or refresh token was presented by another client.
    AnotherClient,
    /// More was asked for than may be granted.
    InvalidScope,
    /// The request breaks a rule of the client's definition or of the protocol.
    InvalidRequest,
    /// `prompt=none`, and the user would have had to act.
    LoginRequired,
}

/// What spoiled a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpoiledBy {
    /// An authenticated client that it was not issued to.
    AnotherClient(ClientId),
    /// A missing or wrong `code_verifier`.
    WrongVerifier,
}

/// Why a grant was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationReason {
    /// Its code was spoiled.
    CodeSpoiled,
    /// Its code was presented twice.
    CodeReplayed,
    /// A refresh token was presented after it had been replaced.
    RefreshReused,
    /// Its client asked for it (RFC 7009).
    ByClient,
    /// Somebody who administers asked for it.
    ByAdministrator,
}
