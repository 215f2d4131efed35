//! `POST /authentication/v1/oauth/token/introspect`: RFC 7662, for the client that the token was issued to. One round trip.

use super::{
    asking::Asking,
    described::{Introspection, described},
    forms::PresentedToken,
};
use crate::{
    http::{Forwarded, Idp, OAuthError, OAuthForm, RequestId, client_authentication::PresentedClient},
    tokens::{
        Presented,
        address_rule::{self, Origin},
    },
};
use aggregates::ids::GrantId;
use axum::{Json, extract::State, http::HeaderMap};
use projections::standing::Subject;

/// Says whether a token is active, and what it is. An `X-Forwarded-For` is the address of whoever presented the token to the client.
///
/// # Errors
/// `invalid_client` unless a confidential client proves itself from inside its address range.
#[utoipa::path(post, path = "/authentication/v1/oauth/token/introspect", security((), ("client" = [])),
    request_body(content = PresentedToken, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "What it is worth.", body = Introspection), OAuthError))]
pub async fn post(
    State(idp): State<Idp>,
    request: RequestId,
    forwarded: Forwarded,
    headers: HeaderMap,
    form: OAuthForm,
) -> Result<Json<Introspection>, OAuthError> {
    let client = PresentedClient::read(&headers, &form)?;
    let presented = Presented::<GrantId>::access(&idp, form.required("token")?);
    let grant = presented.as_ref().map(|presented| presented.id);
    let subject = Subject { client: Some(idp.named(&client.id)), grant, ..Subject::default() };
    let standing = idp.standings.find(subject).await?;
    let asking = Asking { idp: &idp, request: &request, forwarded, step: "introspect", grant };
    let asking = asking.confidential(&client, &standing).await?;
    let Some(presented) = presented else { return Ok(Json(described(None))) };
    let origin = Origin { forwarded, authenticated: true };
    let live = address_rule::admit(&idp, &request, &presented, &standing, origin)?;
    Ok(Json(described(live.filter(|live| live.grant.client == asking).as_ref())))
}
