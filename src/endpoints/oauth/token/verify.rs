//! `GET /authentication/v1/oauth/token`: an application verifies the token that somebody presented to it, and says from which
//! address in `X-Forwarded-For`. One round trip.
//!
//! The request holds the token and nothing that proves the application, so that its address alone tells that it is the client.

use super::super::described::{Introspection, described};
use crate::{
    http::{Forwarded, Idp, OAuthError, RequestId, bearer},
    tokens::{Presented, address_rule},
};
use aggregates::ids::GrantId;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use projections::standing::Subject;

/// What the token is, as introspection tells it.
///
/// # Errors
/// 401 with a challenge unless the token works and may be used from there.
#[utoipa::path(get, path = "/authentication/v1/oauth/token", security(("bearer" = [])),
    responses((status = 200, description = "What it is worth.", body = Introspection), OAuthError))]
pub async fn get(
    State(idp): State<Idp>,
    request: RequestId,
    forwarded: Forwarded,
    headers: HeaderMap,
) -> Result<Response, OAuthError> {
    let token = bearer::token(&headers)?.ok_or(OAuthError::MissingToken)?;
    let Some(presented) = Presented::<GrantId>::access(&idp, token) else {
        idp.metrics.count(|metrics| &metrics.junk_tokens);
        return Err(OAuthError::InvalidToken);
    };
    let subject = Subject { grant: Some(presented.id), ..Subject::default() };
    let standing = idp.standings.find(subject).await?;
    let admitted = address_rule::admit(&idp, &request, &presented, &standing, forwarded.into())?;
    let live = admitted.ok_or(OAuthError::InvalidToken)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(described(Some(&live)))).into_response())
}
