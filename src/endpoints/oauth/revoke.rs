//! `POST /authentication/v1/oauth/token/revoke`: RFC 7009. One token ends its whole grant, in one append. Two round trips.
//!
//! A confidential client authenticates, a public one names itself (RFC 7009 §2.1); both from inside the client's range. The address
//! of the token's user is not asked for: whoever may hand a token back may do so from anywhere.

use super::{asking::Asking, forms::PresentedToken};
use crate::{
    event_store::ExecuteError,
    http::{Forwarded, Idp, OAuthError, OAuthForm, RequestId, client_authentication::PresentedClient},
    tokens::{Kind, Presented, presented::grant_of},
};
use aggregates::{
    grant::{GrantCommand, Revocation, TokenClaim},
    ids::GrantId,
};
use axum::{extract::State, http::HeaderMap};
use projections::standing::Subject;

/// Revokes a token, and all others of its grant. A token that is not the client's, or none at all, is none that works afterwards:
/// that is 200 as well (§2.2). `token_type_hint` says nothing that the token does not say itself.
///
/// # Errors
/// `invalid_client`; 503 when nothing could be recorded.
#[utoipa::path(post, path = "/authentication/v1/oauth/token/revoke", security((), ("client" = [])),
    request_body(content = PresentedToken, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "It does not work, at the latest from now on."), OAuthError))]
pub async fn post(
    State(idp): State<Idp>,
    request: RequestId,
    forwarded: Forwarded,
    headers: HeaderMap,
    form: OAuthForm,
) -> Result<(), OAuthError> {
    let client = PresentedClient::read(&headers, &form)?;
    let token = recognised(&idp, form.required("token")?);
    let grant = token.as_ref().map(|(id, _)| *id);
    let subject = Subject { client: Some(idp.named(&client.id)), grant, ..Subject::default() };
    let standing = idp.standings.find(subject).await?;
    let asking = Asking { idp: &idp, request: &request, forwarded, step: "revoke", grant };
    let by = asking.client(&client, &standing).await?;
    let Some((id, token)) = token else { return Ok(()) };
    let Some(grant) = grant_of(&standing, id)? else { return Ok(()) };
    let command = GrantCommand::Revoke(Revocation { by, token, now: idp.now() });
    let context = idp.context_of(&request, &standing, forwarded.caller);
    match idp.store.execute_on(grant, command, &context).await {
        Ok(_) | Err(ExecuteError::Refused(_)) => Ok(()),
        Err(ExecuteError::Conflict | ExecuteError::Overtaken | ExecuteError::Unexplained) => {
            Err(OAuthError::Unavailable)
        }
        Err(ExecuteError::Storage(cause)) => Err(cause.into()),
    }
}

/// The grant that the token names, and what it says of itself.
fn recognised(idp: &Idp, text: &str) -> Option<(GrantId, TokenClaim)> {
    if let Some(presented) = Presented::<GrantId>::access(idp, text) {
        return Some((presented.id, presented.claim()));
    }
    let token = idp.tokens.decode(Kind::Refresh, text)?;
    let claim = TokenClaim::Refresh { generation: token.generation, secret: token.hash() };
    Some((GrantId::new(token.aggregate), claim))
}
