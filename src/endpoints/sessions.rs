//! `GET /authentication/v1/sessions`: the caller's sessions. `GET` and `DELETE /authentication/v1/user/{user}/sessions`: those of
//! somebody else. Listing is an extension of ours; the Argus API ends sessions by an identifier, and this is where it is found.

use crate::{
    directory::{Desk, DirectoryError},
    endpoints::whose::{END, require_ending},
    http::{ArgusError, Asking, Caller, Changing, Credential, Envelope, Idp, OfDomain, Page, Reference, Reply},
    read,
};
use aggregates::{
    ids::{SessionId, UserId},
    user::{User, UserCommand},
    values::Timestamp,
};
use axum::{extract::State, http::Uri};
use projections::{
    Unseal, lookup, rights,
    sessions::{self, SessionRow},
    users::UserRow,
};
use serde::Serialize;
use utoipa::ToSchema;

/// One session of a user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedSession {
    /// What `DELETE /authentication/v1/session/{sessionIdentifier}` takes.
    #[schema(value_type = String)]
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    /// The address that it is bound to; none once the user was erased.
    #[serde(rename = "clientIP")]
    client_ip: Option<String>,
    /// When it started, in milliseconds.
    #[schema(value_type = i64)]
    created_timestamp: Timestamp,
    /// When the user last proved who they are, in milliseconds.
    #[schema(value_type = i64)]
    authenticated_timestamp: Timestamp,
    /// When it ends by itself, in milliseconds.
    #[schema(value_type = i64)]
    valid_until_timestamp: Timestamp,
    /// Whether it may do less than its user.
    constrained: bool,
    /// Whether it may change nothing.
    read_only: bool,
}

/// How many sessions were ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndedSessions {
    sessions_deleted: usize,
}

/// The caller's own sessions that are alive, the latest first.
///
/// # Errors
/// 401; 403 for what was delegated or narrowed.
#[utoipa::path(get, path = "/authentication/v1/sessions",
    responses((status = 200, description = "The sessions.", body = Envelope<Vec<ListedSession>>), ArgusError))]
pub async fn own(State(idp): State<Idp>, Asking(caller): Asking) -> Result<Reply, ArgusError> {
    caller.in_person()?;
    list(&idp, &caller, caller.user).await
}

/// The sessions of a user that are alive, the latest first.
///
/// # Errors
/// 401; 404 for a user whose sessions the caller may not manage; 412.
#[utoipa::path(get, path = "/authentication/v1/user/{user}/sessions",
    params(OfDomain, ("user" = String, Path, description = "Id or user name.")),
    responses((status = 200, description = "The sessions.", body = Envelope<Vec<ListedSession>>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(user): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let user = managed(&idp, &caller, &user, &uri).await?;
    list(&idp, &caller, user.id).await
}

/// Ends all of a user's sessions and every token that hangs on the user, in one append; the user may sign in again.
///
/// # Errors
/// 401; 404 for a user whose sessions the caller may not manage; 412.
#[utoipa::path(delete, path = "/authentication/v1/user/{user}/sessions",
    params(OfDomain, ("user" = String, Path, description = "Id or user name.")),
    responses((status = 200, description = "Ended.", body = Envelope<EndedSessions>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(user): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let user = managed(&idp, &caller, &user, &uri).await?;
    let now = idp.now();
    let mut desk = Desk::open(&idp.store, idp.tools(), caller.context).await?;
    let c = desk.lane().connection();
    if !rights::holds_over(c, &caller.rights, END, user.id).await? {
        return Err(ArgusError::NotFound);
    }
    let (alive, _) = sessions::list_alive(c, user.id, now).await?;
    match desk.execute::<User>(user.id.uuid(), UserCommand::EndSessions).await {
        Ok(_) => desk.commit().await?,
        Err(DirectoryError::Refused(_)) => return Err(ArgusError::NotFound),
        Err(other) => return Err(other.into()),
    }
    Ok(Reply::ok(EndedSessions { sessions_deleted: alive.len() }))
}

/// The user of a domain (the caller's unless named) whose sessions the caller may manage.
async fn managed(idp: &Idp, caller: &Caller, reference: &str, uri: &Uri) -> Result<UserRow, ArgusError> {
    let domain = OfDomain::find(idp, caller, uri).await?;
    let user =
        read!(idp.database.connections(), |c| lookup::user(c, domain, reference))?.ok_or(ArgusError::NotFound)?;
    require_ending(idp, caller, user.id).await?;
    Ok(user)
}

async fn list(idp: &Idp, caller: &Caller, user: UserId) -> Result<Reply, ArgusError> {
    let now = idp.now();
    let (alive, key) = read!(idp.database.connections(), |c| sessions::list_alive(c, user, now))?;
    let shown: Vec<_> = alive.iter().map(|row| listed(idp, caller, row, key.as_deref())).collect();
    Ok(Reply::list(&shown, Page::whole(shown.len())))
}

fn listed(idp: &Idp, caller: &Caller, row: &SessionRow, key: Option<&[u8]>) -> ListedSession {
    ListedSession {
        id: row.id,
        current: caller.credential == Credential::Session(row.id),
        client_ip: key.and_then(|key| idp.keys.open(key, &row.address)),
        created_timestamp: row.started_at,
        authenticated_timestamp: row.authenticated_at,
        valid_until_timestamp: row.valid_until,
        constrained: !row.bounds.is_empty(),
        read_only: row.bounds.iter().any(|bound| bound.read_only),
    }
}
