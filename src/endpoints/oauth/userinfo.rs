//! `GET` and `POST /authentication/v1/oauth/userinfo`: OpenID Connect Core §5.3. One round trip to Postgres.

use crate::{
    http::{Forwarded, Idp, OAuthError, RequestId, bearer},
    tokens::{Presented, address_rule, claims},
};
use aggregates::ids::GrantId;
use axum::{Json, extract::State, http::HeaderMap};
use projections::standing::Subject;
use serde_json::Value;

/// The claims of the bearer. A body, which the Argus SDK sends, says nothing and is not read.
///
/// # Errors
/// 401 with a challenge unless the token is an access token that may be used from here; 403 when it is not for `openid`.
#[utoipa::path(method(get, post), path = "/authentication/v1/oauth/userinfo", security(("bearer" = [])),
    responses((status = 200, description = "The claims.", body = Object, content_type = "application/json"), OAuthError))]
pub async fn get(
    State(idp): State<Idp>,
    request: RequestId,
    forwarded: Forwarded,
    headers: HeaderMap,
) -> Result<Json<Value>, OAuthError> {
    let token = bearer::token(&headers)?.ok_or(OAuthError::MissingToken)?;
    let Some(presented) = Presented::<GrantId>::access(&idp, token) else {
        idp.metrics.count(|metrics| &metrics.junk_tokens);
        return Err(OAuthError::InvalidToken);
    };
    let subject = Subject { grant: Some(presented.id), claims: true, ..Subject::default() };
    let standing = idp.standings.find(subject).await?;
    let admitted = address_rule::admit(&idp, &request, &presented, &standing, forwarded.into())?;
    let live = admitted.ok_or(OAuthError::InvalidToken)?;
    if !live.token.scopes.iter().any(|scope| scope.as_str() == "openid") {
        return Err(OAuthError::InsufficientScope);
    }
    Ok(Json(Value::Object(claims::requested(&idp, &standing, (&live.grant, &live.token.scopes)))))
}
