//! `/useradmin/v2/group/{shortNameOrID}`, `…/move` and `…/reenable`: show, change, delete, move and reenable one group.

use super::{
    authority::{Administrator, MANAGE_GROUPS, group_id},
    fields::{MoveFields, description, never, nothing, target},
    group_fields::GroupFields,
    known::{find, sight},
};
use crate::{
    directory::groups,
    http::{ArgusError, Asking, Caller, Changing, Envelope, Fields, Idp, JsonBody, OfDomain, Reference, Reply},
};
use aggregates::{
    group::GroupCommand,
    values::{Description, DisplayName, ShortName},
};
use axum::{extract::State, http::Uri};
use projections::{
    groups::{GroupRow, find_by_id_ever},
    infos::SubjectType,
    subjects::{Known, Subject},
};

const GROUP: Option<SubjectType> = Some(SubjectType::Group);

/// Shows a group; a deleted one by number alone.
///
/// # Errors
/// 401; 403 for a caller who may not view groups of anybody; 404; 412.
#[utoipa::path(get, path = "/useradmin/v2/group/{shortNameOrID}",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The group.", body = Envelope<Subject>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, GROUP).await?;
    let domain = OfDomain::find(&idp, &caller, &uri).await?;
    let known = Known { reference: &reference, domain, deleted: false, kind: GROUP };
    Ok(Reply::ok(find(&idp, &sight, known).await?))
}

/// Changes the given fields: 200, or 220 when all of them are so already, with the group.
///
/// # Errors
/// 401; 403 for a caller who may not manage the group, or may do less than the group; 404; 412; 503.
#[utoipa::path(put, path = "/useradmin/v2/group/{shortNameOrID}", request_body = GroupFields,
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The group.", body = Envelope<Subject>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<Subject>), ArgusError))]
pub async fn put(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let (mut administrator, row) = changing(&idp, &caller, (&reference, false), &uri).await?;
    let change = GroupChange::read(body.fields())?;
    let mut changed = false;
    if let Some(short_name) = change.short_name {
        let rename = groups::rename(&mut administrator.desk, &row, short_name).await?;
        changed |= administrator.tell_group(row.id, rename).await?;
    }
    let kept = |text: &str| text.parse().ok();
    let name = change.name.or_else(|| row.name.parse().ok()).ok_or(ArgusError::NotFound)?;
    let description = change.description.or_else(|| kept(&row.description)).unwrap_or_default();
    changed |= administrator.tell_group(row.id, GroupCommand::Describe { name, description }).await?;
    administrator.answer(row.id, changed).await
}

/// Deletes a group, with its permissions: 200 with the group, now flagged `deleted`.
///
/// # Errors
/// 401; 403 for a caller who may not manage the group, or may do less than the group; 404; 412; 503.
#[utoipa::path(delete, path = "/useradmin/v2/group/{shortNameOrID}",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The group.", body = Envelope<Subject>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let (mut administrator, row) = changing(&idp, &caller, (&reference, false), &uri).await?;
    let changed = administrator.tell_group(row.id, GroupCommand::Delete).await?;
    administrator.answer(row.id, changed).await
}

/// Moves a group to another customer of the domain: 200, or 220 when it is there.
///
/// # Errors
/// 401; 403 for a caller who may not manage groups of both customers, or may do less than the group; 404; 412; 503.
#[utoipa::path(put, path = "/useradmin/v2/group/{shortNameOrID}/move", request_body = MoveFields,
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The group.", body = Envelope<Subject>),
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
    let customer = administrator.customer(row.domain, &customer, MANAGE_GROUPS).await?;
    let command = groups::move_to(&mut administrator.desk, row.domain, customer).await?;
    let changed = administrator.tell_group(row.id, command).await?;
    administrator.answer(row.id, changed).await
}

/// Lets a deleted group begin again, with its members and without permissions: 200, or 220 when it is not deleted.
///
/// # Errors
/// 401; 403 for a caller who may not manage the group, or may do less than the groups around it; 404; 412; 503.
#[utoipa::path(put, path = "/useradmin/v2/group/{shortNameOrID}/reenable",
    params(("shortNameOrID" = String, Path, description = "Id, or the short name of before."), OfDomain),
    responses((status = 200, description = "The group.", body = Envelope<Subject>),
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
    let command = groups::reenable(&mut administrator.desk, &row).await?;
    let changed = administrator.tell_group(row.id, command).await?;
    administrator.answer(row.id, changed).await
}

struct GroupChange {
    short_name: Option<ShortName>,
    name: Option<DisplayName>,
    description: Option<Description>,
}

impl GroupChange {
    fn read(mut fields: Fields) -> Result<Self, ArgusError> {
        let change = Self {
            short_name: fields.parsed("shortName"),
            name: fields.parsed("name"),
            description: description(&mut fields),
        };
        never(&mut fields, "daemonAccount");
        never(&mut fields, "externallyManaged");
        fields.finish().map(|()| change)
    }
}

/// An open transaction of a caller who may change the group; `deleted`: the short name may be one of before.
async fn changing<'a>(
    idp: &Idp,
    caller: &'a Caller,
    (reference, deleted): (&str, bool),
    uri: &Uri,
) -> Result<(Administrator<'a>, GroupRow), ArgusError> {
    let (mut administrator, group) = Administrator::changing(idp, caller, (GROUP, reference, deleted), uri).await?;
    let row = find_by_id_ever(administrator.desk.lane().connection(), group_id(&group)).await?;
    Ok((administrator, row.ok_or(ArgusError::NotFound)?))
}
