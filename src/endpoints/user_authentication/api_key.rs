//! `/authentication/v1/user/{user}/apikey…`: the API keys of a user, for administrators. To issue or renew one takes, beside
//! `manageUsers`, all that the user may do: nobody can give what they do not hold.

use crate::{
    directory::api_keys::{
        ApiKeyDescriptor, ApiKeyList, ApiKeyRequest, IssuedApiKey, NewApiKeyBody, RenewalBody, RenewedApiKey,
        of_user::{issue_shown, list_shown, renew_shown, revoke_shown},
        renewal,
    },
    endpoints::whose::{desk, giving_desk, managed, require_own_sources},
    http::{ApiKeyOfUser, ArgusError, Asking, Changing, Envelope, Idp, JsonBody, Reference, Reply},
};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// A key that was revoked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevokedApiKey {
    /// What it was.
    revoked_key: ApiKeyDescriptor,
}

/// Lists the keys of a user that may be used now.
///
/// # Errors
/// 401; 403 without `manageUsers`; 404.
#[utoipa::path(get, path = "/authentication/v1/user/{user}/apikey", params(("user" = String, Path, description = "Number, UUID or user name.")),
    responses((status = 200, description = "The keys.", body = Envelope<ApiKeyList>), ArgusError))]
pub async fn list(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(user): Reference,
) -> Result<Reply, ArgusError> {
    let user = managed(&idp, &caller, (&user, None)).await?;
    Ok(Reply::ok(ApiKeyList { keys: list_shown(&idp, user.id).await? }))
}

/// Issues a key to a user: 201 with the key itself, which is shown this once. By a key, one that may be used from no further places.
///
/// # Errors
/// 401; 403 without `manageUsers`, or beyond one's own rights; 404; 412; 503.
#[utoipa::path(post, path = "/authentication/v1/user/{user}/apikey", params(("user" = String, Path, description = "Number, UUID or user name.")),
    request_body = NewApiKeyBody,
    responses((status = 201, description = "Issued.", body = Envelope<IssuedApiKey>), ArgusError))]
pub async fn post(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(user): Reference,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let user = managed(&idp, &caller, (&user, None)).await?;
    let request = ApiKeyRequest::read(body.fields())?;
    let mut desk = giving_desk(&idp, &caller, &user).await?;
    require_own_sources(&mut desk, &caller, request.sources()).await?;
    let issued = issue_shown(&mut desk, (user.id, user.domain), request).await?;
    desk.commit().await?;
    Ok(Reply::created(issued))
}

/// Renews a key of a user: from now on for the given number of days.
///
/// # Errors
/// 401; 403 without `manageUsers`, or beyond one's own rights; 404 also for a key that has expired; 412; 503.
#[utoipa::path(put, path = "/authentication/v1/user/{user}/apikey/{first}/{second}",
    params(("user" = String, Path, description = "Number, UUID or user name."), ("first" = String, Path, description = "First segment of the prefix."), ("second" = String, Path, description = "Second segment.")),
    request_body = RenewalBody,
    responses((status = 200, description = "Renewed.", body = Envelope<RenewedApiKey>), ArgusError))]
pub async fn put(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    ApiKeyOfUser(user, prefix): ApiKeyOfUser,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let user = managed(&idp, &caller, (&user, None)).await?;
    let life = renewal(body.fields())?;
    let mut desk = giving_desk(&idp, &caller, &user).await?;
    let renewed_key = renew_shown(&mut desk, user.id, &prefix, life).await?;
    desk.commit().await?;
    Ok(Reply::ok(RenewedApiKey { renewed_key }))
}

/// Revokes a key of a user.
///
/// # Errors
/// 401; 403 without `manageUsers`; 404 also for a key that has expired; 503.
#[utoipa::path(delete, path = "/authentication/v1/user/{user}/apikey/{first}/{second}",
    params(("user" = String, Path, description = "Number, UUID or user name."), ("first" = String, Path, description = "First segment of the prefix."), ("second" = String, Path, description = "Second segment.")),
    responses((status = 200, description = "Revoked.", body = Envelope<RevokedApiKey>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    ApiKeyOfUser(user, prefix): ApiKeyOfUser,
) -> Result<Reply, ArgusError> {
    let user = managed(&idp, &caller, (&user, None)).await?;
    let mut desk = desk(&idp, &caller, &user).await?;
    let revoked_key = revoke_shown(&mut desk, user.id, &prefix).await?;
    desk.commit().await?;
    Ok(Reply::ok(RevokedApiKey { revoked_key }))
}
