//! The successful answer: RFC 6749 §5.1, OpenID Connect Core §3.1.3.3.

use super::proven::Proven;
use crate::{
    http::OAuthError,
    tokens::{AuthorizedGrant, Token, argus_form, claims},
};
use aggregates::grant::{Grant, TokenClaim};
use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// What was recorded as issued.
pub(super) struct Issued {
    pub(super) access: Token,
    pub(super) refresh: Option<Token>,
    pub(super) nonce: Option<String>,
}

/// Answers from what was recorded.
///
/// # Errors
/// `invalid_grant` when the recorded grant does not hold these tokens, or no longer passes the door.
pub(super) fn tokens(proven: &Proven, grant: &Grant, issued: &Issued) -> Result<Response, OAuthError> {
    let idp = &proven.request.idp;
    let claim = TokenClaim::Access { generation: issued.access.generation, secret: issued.access.hash() };
    let recorded = grant.live_access_token(&claim, proven.now).ok_or(OAuthError::InvalidGrant)?;
    let passed =
        AuthorizedGrant::check_again(&proven.standing, grant, proven.now).map_err(|_| OAuthError::InvalidGrant)?;
    let user_name = passed.user.user_name.as_deref().ok_or(OAuthError::InvalidGrant)?;
    let access_token = argus_form(user_name, &idp.tokens.encode(&issued.access));
    let permitted = passed.permitted(&recorded.scopes);
    let scopes: Vec<&str> = permitted.iter().map(|scope| scope.as_str()).collect();
    let mut body = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": recorded.expires_at.seconds_since(proven.now),
        "scope": scopes.join(" "),
    });
    if let Some(refresh) = &issued.refresh {
        body["refresh_token"] = idp.tokens.encode(refresh).into();
    }
    if scopes.contains(&"openid") {
        let about = claims::IdToken {
            audience: &proven.request.presented.id,
            access_token: &access_token,
            nonce: issued.nonce.as_deref(),
            now: proven.now,
        };
        let claims = claims::id_token(idp, &proven.standing, (grant, &permitted), &about);
        let id_token = idp.signing.sign_jwt(&claims).map_err(|_| OAuthError::Unavailable)?;
        body["id_token"] = id_token.into();
    }
    Ok(([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], Json(body)).into_response())
}
