//! `PUT /authentication/v1/user/{user}/block` and `…/unblock`: shut a user out, and let them in again. What a block ended stays ended.

use crate::{
    endpoints::whose::{desk, managed},
    http::{ArgusError, Caller, Changing, Done, Envelope, Idp, OfDomain, Reference, Reply},
};
use aggregates::user::{User, UserCommand};
use axum::{extract::State, http::Uri};

/// Blocks a user: sessions, tokens and API keys end at once, for good. 220 when the user is blocked already.
///
/// # Errors
/// 401; 403; 404; 412 for oneself; 503.
#[utoipa::path(put, path = "/authentication/v1/user/{user}/block", params(("user" = String, Path, description = "Number, UUID or user name."), OfDomain),
    responses((status = 200, description = "Blocked.", body = Envelope<Done>), ArgusError,
        (status = 220, description = "Was blocked already.", body = Envelope<Done>)))]
pub async fn block(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(user): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    change(&idp, &caller, (&user, &uri), UserCommand::Block).await
}

/// Lets a user sign in again. 220 when the user is not blocked.
///
/// # Errors
/// 401; 403; 404; 412 for oneself; 503.
#[utoipa::path(put, path = "/authentication/v1/user/{user}/unblock", params(("user" = String, Path, description = "Number, UUID or user name."), OfDomain),
    responses((status = 200, description = "Unblocked.", body = Envelope<Done>), ArgusError,
        (status = 220, description = "Was not blocked.", body = Envelope<Done>)))]
pub async fn unblock(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(user): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    change(&idp, &caller, (&user, &uri), UserCommand::Unblock).await
}

async fn change(
    idp: &Idp,
    caller: &Caller,
    (user, uri): (&str, &Uri),
    command: UserCommand,
) -> Result<Reply, ArgusError> {
    let domain = OfDomain::read(uri)?.domain;
    let user = managed(idp, caller, (user, domain.as_deref())).await?;
    if user.id == caller.user {
        return Err(ArgusError::field("user", "must not be yourself"));
    }
    let mut desk = desk(idp, caller, &user).await?;
    desk.execute::<User>(user.id.uuid(), command).await?;
    let changed = desk.recorded() > 0;
    desk.commit().await?;
    Ok(if changed { Reply::ok(Done {}) } else { Reply::unchanged(Done {}) })
}
