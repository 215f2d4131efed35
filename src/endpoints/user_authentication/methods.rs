//! `GET /authentication/v1/user/{user}/methods`: how a user can prove who they are. `GET /authentication/v1/session/authmethods` and
//! `GET /currentuser/v1/authmethods`: how the caller can.

use crate::{
    endpoints::whose::viewed,
    http::{ArgusError, Asking, Caller, Credential, Envelope, Idp, Page, Reference, Reply},
    read,
};
use aggregates::{ids::UserId, values::Timestamp};
use axum::extract::State;
use projections::{
    Unseal,
    authentication_methods::{self, LastUse},
};
use serde::Serialize;
use utoipa::ToSchema;

/// One way in which a user can prove who they are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserMethod {
    /// `PASSWORD` or `APIKEY`.
    method: &'static str,
    /// Whether the user has one.
    initialized: bool,
    /// When it was last used, in milliseconds; of an API key some seconds late.
    #[schema(value_type = Option<i64>)]
    last_login_timestamp: Option<Timestamp>,
    /// From where; not for a client.
    #[serde(rename = "lastLoginIP")]
    last_login_ip: Option<String>,
}

/// How a user can prove who they are.
///
/// # Errors
/// 401; 403; 404.
#[utoipa::path(get, path = "/authentication/v1/user/{user}/methods",
    params(("user" = String, Path, description = "Number, UUID or user name.")),
    responses((status = 200, description = "The ways.", body = Envelope<Vec<UserMethod>>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(user): Reference,
) -> Result<Reply, ArgusError> {
    let user = viewed(&idp, &caller, (&user, None)).await?;
    answer(&idp, &caller, user.id).await
}

/// How the caller can prove who they are.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/authentication/v1/session/authmethods",
    responses((status = 200, description = "The ways.", body = Envelope<Vec<UserMethod>>), ArgusError))]
pub async fn own(State(idp): State<Idp>, Asking(caller): Asking) -> Result<Reply, ArgusError> {
    answer(&idp, &caller, caller.user).await
}

/// The same below the older path.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/currentuser/v1/authmethods",
    responses((status = 200, description = "The ways.", body = Envelope<Vec<UserMethod>>), ArgusError))]
pub async fn current(idp: State<Idp>, caller: Asking) -> Result<Reply, ArgusError> {
    own(idp, caller).await
}

async fn answer(idp: &Idp, caller: &Caller, user: UserId) -> Result<Reply, ArgusError> {
    let now = idp.now();
    let found = read!(idp.database.connections(), |c| authentication_methods::find_by_user(c, user, now))?;
    let found = found.ok_or(ArgusError::NotFound)?;
    let client = matches!(caller.credential, Credential::Delegated(_));
    let key = found.personal_key.as_deref().filter(|_| !client);
    let way = |method, initialized, last: Option<LastUse>| UserMethod {
        method,
        initialized,
        last_login_timestamp: last.as_ref().map(|last| last.at),
        last_login_ip: last.and_then(|last| idp.keys.open(key?, &last.address)),
    };
    let ways = [way("PASSWORD", found.has_password, found.signed_in), way("APIKEY", found.has_api_key, found.key_used)];
    Ok(Reply::list(&ways, Page::whole(ways.len())))
}
