//! What is done with the API keys of one user, by the user or by an administrator. A key that has expired or was revoked is over:
//! neither listed nor found.

use super::{ApiKeyDescriptor, ApiKeyRequest, IssuedApiKey, describe, issue, renew};
use crate::{
    directory::Desk,
    http::{ArgusError, Idp},
    read,
};
use aggregates::{
    ids::{DomainId, UserId},
    user::{User, UserCommand},
    values::{ApiKeyPrefix, Seconds},
};
use projections::api_keys::{self, ApiKeyView};

/// The keys that may be used now.
///
/// # Errors
/// 503.
pub async fn list_shown(idp: &Idp, user: UserId) -> Result<Vec<ApiKeyDescriptor>, ArgusError> {
    let now = idp.now();
    let live = read!(idp.database.connections(), |c| api_keys::list_live(c, user, now))?;
    Ok(live.into_iter().map(|view| describe(view, &idp.keys)).collect())
}

/// Issues a key.
///
/// # Errors
/// 412; 503.
pub async fn issue_shown(
    desk: &mut Desk,
    (user, domain): (UserId, DomainId),
    request: ApiKeyRequest,
) -> Result<IssuedApiKey, ArgusError> {
    let new = request.meant(desk.lane(), domain).await?;
    let (command, key) = issue(desk, new).await?;
    desk.execute::<User>(user.uuid(), command).await?;
    let view = find(desk, user, &key.prefix).await?;
    let api_key_string = key.reveal().to_owned();
    Ok(IssuedApiKey { api_key_string, key_descriptor: describe(view, &desk.tools().keys) })
}

/// Renews a key.
///
/// # Errors
/// 404; 503.
pub async fn renew_shown(
    desk: &mut Desk,
    user: UserId,
    prefix: &ApiKeyPrefix,
    life: Seconds,
) -> Result<ApiKeyDescriptor, ArgusError> {
    find(desk, user, prefix).await?;
    let command = renew(prefix.clone(), life, desk.now());
    desk.execute::<User>(user.uuid(), command).await?;
    let view = find(desk, user, prefix).await?;
    Ok(describe(view, &desk.tools().keys))
}

/// Revokes a key, and shows what it was.
///
/// # Errors
/// 404; 503.
pub async fn revoke_shown(
    desk: &mut Desk,
    user: UserId,
    prefix: &ApiKeyPrefix,
) -> Result<ApiKeyDescriptor, ArgusError> {
    let view = find(desk, user, prefix).await?;
    desk.execute::<User>(user.uuid(), UserCommand::RevokeApiKey { prefix: prefix.clone() }).await?;
    Ok(describe(view, &desk.tools().keys))
}

async fn find(desk: &mut Desk, user: UserId, prefix: &ApiKeyPrefix) -> Result<ApiKeyView, ArgusError> {
    let now = desk.now();
    let found = api_keys::find_live(desk.lane().connection(), user, prefix, now).await?;
    found.ok_or(ArgusError::NotFound)
}
