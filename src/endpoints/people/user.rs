//! `/useradmin/v2/user/{shortNameOrID}`, `…/move` and `…/reenable`: show, change, delete, move and reenable one user.

use super::{
    authority::{Administrator, MANAGE_USERS, user_id},
    fields::{MoveFields, nothing, target},
    known::{find, sight},
    person_fields::{UserFields, person},
};
use crate::{
    directory::users,
    http::{ArgusError, Asking, Caller, Changing, Envelope, Idp, JsonBody, OfDomain, Reference, Reply},
};
use aggregates::user::UserCommand;
use axum::{extract::State, http::Uri};
use projections::{
    infos::SubjectType,
    subjects::{Known, Subject},
    users::{UserRow, find_by_id},
};

const USER: Option<SubjectType> = Some(SubjectType::User);

/// Shows a user; a deleted one by number alone.
///
/// # Errors
/// 401; 403 for a caller who may not view users of anybody; 404; 412.
#[utoipa::path(get, path = "/useradmin/v2/user/{shortNameOrID}",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The user.", body = Envelope<Subject>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, USER).await?;
    let domain = OfDomain::find(&idp, &caller, &uri).await?;
    let known = Known { reference: &reference, domain, deleted: false, kind: USER };
    Ok(Reply::ok(find(&idp, &sight, known).await?))
}

/// Changes the given fields: 200, or 220 when all of them are so already, with the user.
///
/// # Errors
/// 401; 403 for a caller who may not manage the user, or may do less than the user; 404; 412; 503.
#[utoipa::path(put, path = "/useradmin/v2/user/{shortNameOrID}", request_body = UserFields,
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The user.", body = Envelope<Subject>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<Subject>), ArgusError))]
pub async fn put(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let (mut administrator, row) = changing(&idp, &caller, (&reference, false), &uri).await?;
    let mut fields = body.fields();
    let (change, daemon) = person(&mut fields);
    fields.finish()?;
    let profile = change.of(&row).ok_or(ArgusError::NotFound)?;
    let mut changed = false;
    if let Some(command) = users::change_profile(&mut administrator.desk, row.id, &profile).await? {
        changed |= administrator.tell_user(row.id, command).await?;
    }
    if let Some(daemon) = daemon {
        changed |= administrator.tell_user(row.id, UserCommand::MarkDaemon { daemon }).await?;
    }
    administrator.answer(row.id, changed).await
}

/// Deletes a user, with permissions and API keys; sessions and tokens end at once. 200 with the user, now flagged `deleted`.
///
/// # Errors
/// 401; 403 for a caller who may not manage the user, or may do less than the user; 404; 412; 503.
#[utoipa::path(delete, path = "/useradmin/v2/user/{shortNameOrID}",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The user.", body = Envelope<Subject>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let (mut administrator, row) = changing(&idp, &caller, (&reference, false), &uri).await?;
    let changed = administrator.tell_user(row.id, UserCommand::Delete).await?;
    administrator.answer(row.id, changed).await
}

/// Moves a user to another customer of the domain: 200, or 220 when the user is there.
///
/// # Errors
/// 401; 403 for a caller who may not manage users of both customers, or may do less than the user; 404; 412; 503.
#[utoipa::path(put, path = "/useradmin/v2/user/{shortNameOrID}/move", request_body = MoveFields,
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The user.", body = Envelope<Subject>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<Subject>), ArgusError))]
pub async fn move_to(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let (mut administrator, row) = changing(&idp, &caller, (&reference, false), &uri).await?;
    let customer = target(body)?;
    let customer = administrator.customer(row.domain, &customer, MANAGE_USERS).await?;
    let command = users::move_to(&mut administrator.desk, row.domain, customer).await?;
    let changed = administrator.tell_user(row.id, command).await?;
    administrator.answer(row.id, changed).await
}

/// Lets a deleted user begin again, without password, permissions and API keys: 200, or 220 when the user is not deleted.
///
/// # Errors
/// 401; 403 for a caller who may not manage the user, or may do less than the user's groups may; 404; 412; 503.
#[utoipa::path(put, path = "/useradmin/v2/user/{shortNameOrID}/reenable",
    params(("shortNameOrID" = String, Path, description = "Id, or the short name of before."), OfDomain),
    responses((status = 200, description = "The user.", body = Envelope<Subject>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<Subject>), ArgusError))]
pub async fn reenable(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let (mut administrator, row) = changing(&idp, &caller, (&reference, true), &uri).await?;
    nothing(body)?;
    let command = users::reenable(&mut administrator.desk, &row).await?;
    let changed = administrator.tell_user(row.id, command).await?;
    administrator.answer(row.id, changed).await
}

/// An open transaction of a caller who may change the user; `deleted`: the short name may be one of before.
async fn changing<'a>(
    idp: &Idp,
    caller: &'a Caller,
    (reference, deleted): (&str, bool),
    uri: &Uri,
) -> Result<(Administrator<'a>, UserRow), ArgusError> {
    let (mut administrator, user) = Administrator::changing(idp, caller, (USER, reference, deleted), uri).await?;
    let row = find_by_id(administrator.desk.lane().connection(), user_id(&user)).await?;
    Ok((administrator, row.ok_or(ArgusError::NotFound)?))
}
