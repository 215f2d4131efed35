//! The successful answer: RFC 6749 §5.1, OpenID Connect Core §3.1.3.3.

use super::proven::Proven;
use crate::{
    http::OAuthError,
    tokens::{AuthorizedGrant, Token, argus_form, claims, signed_access_token},
};
use aggregates::{
    grant::{Grant, TokenClaim},
    ids::GrantId,
    values::{AccessTokenFormat, Scope},
};
use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::collections::BTreeSet;

/// What was recorded as issued.
pub(super) struct Issued {
    pub(super) access: Token,
    pub(super) refresh: Option<Token>,
    pub(super) nonce: Option<String>,
}

/// The tokens that were issued.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Tokens {
    /// For use from now on.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// How long the access token lives, in seconds.
    expires_in: i64,
    /// What it is for.
    scope: String,
    /// For the next access token; a script gets none.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Who the user is, with the scope `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

/// Answers from what was recorded.
///
/// # Errors
/// `invalid_grant` when the recorded grant does not hold these tokens, or no longer passes the door.
pub(super) fn tokens(proven: &Proven, (id, grant): (GrantId, &Grant), issued: &Issued) -> Result<Response, OAuthError> {
    let idp = &proven.request.idp;
    let claim = TokenClaim::Access { generation: issued.access.generation, secret: issued.access.hash() };
    let mut recorded = grant.live_access_token(&claim, proven.now).cloned().ok_or(OAuthError::InvalidGrant)?;
    let passed =
        AuthorizedGrant::check_again(&proven.standing, grant, proven.now).map_err(|_| OAuthError::InvalidGrant)?;
    let user_name = passed.user.user_name.as_deref().ok_or(OAuthError::InvalidGrant)?;
    recorded.scopes = passed.permitted(&recorded.scopes);
    let access_token = match proven.client.definition.access_token_format {
        AccessTokenFormat::Argus => argus_form(user_name, &idp.tokens.encode(&issued.access)),
        AccessTokenFormat::Jwt => signed_access_token(idp, &passed, (id, grant), &recorded, proven.now)
            .map_err(|_| OAuthError::Unavailable)?,
    };
    let scopes: Vec<&str> = recorded.scopes.iter().map(|scope| scope.as_str()).collect();
    let tokens = Tokens {
        id_token: id_token(proven, (grant, &recorded.scopes), (issued, &access_token))?,
        access_token,
        token_type: "Bearer",
        expires_in: recorded.expires_at.seconds_since(proven.now),
        scope: scopes.join(" "),
        refresh_token: issued.refresh.as_ref().map(|refresh| idp.tokens.encode(refresh)),
    };
    Ok(([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], Json(tokens)).into_response())
}

fn id_token(
    proven: &Proven,
    (grant, scopes): (&Grant, &BTreeSet<Scope>),
    (issued, access_token): (&Issued, &str),
) -> Result<Option<String>, OAuthError> {
    if !scopes.iter().any(|scope| scope.as_str() == "openid") {
        return Ok(None);
    }
    let (idp, nonce) = (&proven.request.idp, issued.nonce.as_deref());
    let about = claims::IdToken { audience: &proven.request.presented.id, access_token, nonce, now: proven.now };
    let claims = claims::id_token(idp, &proven.standing, (grant, scopes), &about);
    idp.signing.sign_jwt(&claims).map(Some).map_err(|_| OAuthError::Unavailable)
}
