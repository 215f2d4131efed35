//! `POST /authentication/v1/oauth/token/introspect`: RFC 7662, for the client that the token was issued to. One round trip.
//!
//! Whatever is wrong with a token, the answer has the same bytes.

use crate::{
    http::{
        Forwarded, Idp, OAuthError, OAuthForm, RequestId,
        client_authentication::{NotProven, PresentedClient},
    },
    tokens::{Presented, refusals},
};
use aggregates::{client::ClientAuthentication, ids::GrantId};
use axum::{Json, extract::State, http::HeaderMap};
use projections::standing::{Standing, StandingClient, Subject};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Says whether a token is active, and what it is.
///
/// # Errors
/// `invalid_client` unless a confidential client proves itself from inside its address range.
pub async fn post(
    State(idp): State<Idp>,
    request: RequestId,
    forwarded: Forwarded,
    headers: HeaderMap,
    form: OAuthForm,
) -> Result<Json<Value>, OAuthError> {
    let client = PresentedClient::read(&headers, &form)?;
    let token = form.required("token")?;
    let presented = Presented::<GrantId>::access(&idp.tokens, token);
    let grant = presented.as_ref().map(|presented| presented.id);
    let subject = Subject { client: Some(idp.named(&client.id)), grant, ..Subject::default() };
    let standing = idp.standings.find(subject).await?;
    let asking = standing.client.as_ref().ok_or(OAuthError::InvalidClient)?;
    if asking.definition.authentication == ClientAuthentication::None {
        return Err(OAuthError::InvalidClient);
    }
    match client.prove(&idp, asking, forwarded.caller).await {
        Ok(_) => {}
        Err(NotProven::Busy) => return Err(OAuthError::Unavailable),
        Err(NotProven::Refused(reason)) => {
            let refusal = refusals::AtClient { step: "introspect", reason, grant, scopes: BTreeSet::new() };
            let context = idp.context_of(&request, &standing, forwarded.caller);
            refusals::remember(&idp, &context, &standing, refusal).await;
            return Err(OAuthError::InvalidClient);
        }
    }
    let described = presented.map(|presented| describe(&idp, &presented, &standing, asking)).transpose()?.flatten();
    Ok(Json(described.unwrap_or_else(|| json!({ "active": false }))))
}

fn describe(
    idp: &Idp,
    presented: &Presented<GrantId>,
    standing: &Standing,
    asking: &StandingClient,
) -> Result<Option<Value>, OAuthError> {
    let Some(live) = presented.live(standing, idp.now())? else { return Ok(None) };
    if live.grant.client != asking.id {
        return Ok(None);
    }
    let scopes: Vec<&str> = live.token.scopes.iter().map(|scope| scope.as_str()).collect();
    Ok(Some(json!({
        "active": true,
        "client_id": asking.id,
        "username": live.passed.user.user_name,
        "sub": live.passed.user.id,
        "scope": scopes.join(" "),
        "exp": live.token.expires_at.seconds(),
        "token_type": "Bearer",
    })))
}
