//! `GET` and `POST /authentication/v1/apikey`: the caller's keys, and one more.

use super::proof;
use crate::{
    directory::{
        Desk,
        api_keys::{
            ApiKeyList, ApiKeyRequest, IssuedApiKey, NewApiKeyBody,
            of_user::{issue_shown, list_shown},
        },
    },
    endpoints::whose::require_own_sources,
    http::{ArgusError, Asking, Changing, Envelope, Idp, JsonBody, Origin, Reply},
};
use axum::extract::State;

/// Lists the caller's keys. Keys that have expired or were revoked are over, and not listed.
///
/// # Errors
/// 401; 403 for what is not the user in person.
#[utoipa::path(get, path = "/authentication/v1/apikey",
    responses((status = 200, description = "The keys.", body = Envelope<ApiKeyList>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking) -> Result<Reply, ArgusError> {
    caller.in_person()?;
    Ok(Reply::ok(ApiKeyList { keys: list_shown(&idp, caller.user).await? }))
}

/// Issues a key: 201 with the key itself, which is shown this once. By a key, one that may be used from no further places.
///
/// # Errors
/// 401; 403 for what is not the user in person, or beyond the key that asks; 412; 429; 503.
#[utoipa::path(post, path = "/authentication/v1/apikey", request_body = NewApiKeyBody,
    responses((status = 201, description = "Issued.", body = Envelope<IssuedApiKey>), ArgusError))]
pub async fn post(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    origin: Origin,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    caller.in_person()?;
    let mut fields = body.fields();
    let password = proof::take(&mut fields);
    let request = ApiKeyRequest::read(fields)?;
    proof::check(&idp, &caller, &origin, password).await?;
    let mut desk = Desk::open(&idp.store, idp.tools(), caller.own_context()).await?;
    require_own_sources(&mut desk, &caller, request.sources()).await?;
    let issued = issue_shown(&mut desk, (caller.user, caller.domain), request).await?;
    desk.commit().await?;
    Ok(Reply::created(issued))
}
