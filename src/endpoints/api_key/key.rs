//! `PUT` and `DELETE /authentication/v1/apikey/{prefix}`: one of the caller's keys, for another period or no longer. The prefix has
//! two segments.

use super::proof;
use crate::{
    directory::{
        Desk,
        api_keys::{
            ApiKeyList, RenewalBody, RenewedApiKey,
            of_user::{list_shown, renew_shown, revoke_shown},
            renewal,
        },
    },
    http::{ApiKeyPath, ArgusError, Changing, Envelope, Idp, JsonBody, Origin, Reply},
};
use axum::extract::State;

/// Renews a key: from now on for the given number of days.
///
/// # Errors
/// 401; 403 for what is not the user in person; 404 also for a key that has expired; 412; 429; 503.
#[utoipa::path(put, path = "/authentication/v1/apikey/{first}/{second}", params(("first" = String, Path, description = "First segment of the prefix."), ("second" = String, Path, description = "Second segment.")),
    request_body = RenewalBody,
    responses((status = 200, description = "Renewed.", body = Envelope<RenewedApiKey>), ArgusError))]
pub async fn put(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    ApiKeyPath(prefix): ApiKeyPath,
    origin: Origin,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    caller.in_person()?;
    let mut fields = body.fields();
    let password = proof::take(&mut fields);
    let life = renewal(fields)?;
    proof::check(&idp, &caller, &origin, password).await?;
    let mut desk = Desk::open(&idp.store, idp.tools(), caller.own_context()).await?;
    let renewed_key = renew_shown(&mut desk, caller.user, &prefix, life).await?;
    desk.commit().await?;
    Ok(Reply::ok(RenewedApiKey { renewed_key }))
}

/// Revokes a key: 200 with those that are left.
///
/// # Errors
/// 401; 403 for what is not the user in person; 404 also for a key that has expired; 503.
#[utoipa::path(delete, path = "/authentication/v1/apikey/{first}/{second}", params(("first" = String, Path, description = "First segment of the prefix."), ("second" = String, Path, description = "Second segment.")),
    responses((status = 200, description = "Revoked.", body = Envelope<ApiKeyList>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    ApiKeyPath(prefix): ApiKeyPath,
) -> Result<Reply, ArgusError> {
    caller.in_person()?;
    let mut desk = Desk::open(&idp.store, idp.tools(), caller.own_context()).await?;
    revoke_shown(&mut desk, caller.user, &prefix).await?;
    desk.commit().await?;
    Ok(Reply::ok(ApiKeyList { keys: list_shown(&idp, caller.user).await? }))
}
