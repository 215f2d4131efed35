//! `/useradmin/v2/group/{shortNameOrID}/members`: who is in a group directly.

use super::{
    authority::{Administrator, group_id},
    fields::{comment, references},
    joining::{member, named, take_in},
    known::{find, sight},
};
use crate::{
    http::{
        ArgusError, Asking, Changing, Envelope, Idp, JsonBody, OfDomain, Page, Reference, Reply, domain_or_own,
        query_fields,
    },
    read,
};
use aggregates::group::GroupCommand;
use axum::{extract::State, http::Uri};
use projections::{
    infos::SubjectType,
    subjects::{self, Known, Subject},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const GROUP: Option<SubjectType> = Some(SubjectType::Group);

/// Who is to be in a group.
#[derive(Serialize, ToSchema)]
pub(super) struct MembersFields {
    /// Ids or short names of users and groups of the group's domain.
    subject: Vec<String>,
    /// Why, in words.
    comment: Option<String>,
}

/// Who is to be out of it.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it documents what `delete` reads")]
pub(super) struct MembersQuery {
    /// Ids or short names of users and groups.
    subject: Vec<String>,
    /// Why, in words.
    comment: Option<String>,
    /// The domain of the group: id or short name; the caller's unless given.
    domain: Option<String>,
}

/// Lists the members that the caller sees.
///
/// # Errors
/// 401; 403 for a caller who may not view groups of anybody; 404; 412.
#[utoipa::path(get, path = "/useradmin/v2/group/{shortNameOrID}/members",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The members.", body = Envelope<Vec<Subject>>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, GROUP).await?;
    let domain = OfDomain::find(&idp, &caller, &uri).await?;
    let group = find(&idp, &sight, Known { reference: &reference, domain, deleted: false, kind: GROUP }).await?;
    let members = read!(idp.database.connections(), |c| subjects::list_members(c, &sight, group.subject))?;
    Ok(Reply::list(&members, Page::whole(members.len())))
}

/// Takes users and groups into a group: 200, or 220 when all of them are in it, with the members that the caller sees.
///
/// # Errors
/// 401; 403 for a caller who may not manage the group, or may do less than the group; 404; 412; 503.
#[utoipa::path(post, path = "/useradmin/v2/group/{shortNameOrID}/members", request_body = MembersFields,
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The members.", body = Envelope<Vec<Subject>>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<Vec<Subject>>), ArgusError))]
pub async fn post(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, GROUP).await?;
    let domain = OfDomain::find(&idp, &caller, &uri).await?;
    let mut fields = body.fields();
    let (subjects, comment) = (references(&mut fields, "subject"), comment(&mut fields));
    fields.finish()?;
    let mut administrator = Administrator::open_in_bulk(&idp, &caller, sight, comment).await?;
    let known = Known { reference: &reference, domain, deleted: false, kind: GROUP };
    let group = administrator.changeable(known).await?;
    let mut changed = false;
    for member in named(&mut administrator, ("subject", &subjects), (group.domain_id, None)).await? {
        changed |= take_in(&mut administrator, &group, &member).await?;
    }
    left(administrator, &group, changed).await
}

/// Lets users and groups go: 200, or 220 when none of them is in the group, with the members that are left.
///
/// # Errors
/// 401; 403 for a caller who may not manage the group, or may do less than the group; 404; 412; 503.
#[utoipa::path(delete, path = "/useradmin/v2/group/{shortNameOrID}/members",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), MembersQuery),
    responses((status = 200, description = "The members.", body = Envelope<Vec<Subject>>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<Vec<Subject>>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, GROUP).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &["subject"])?;
    let (subjects, comment) = (references(&mut query, "subject"), comment(&mut query));
    let domain = query.reference("domain");
    query.finish()?;
    let domain = domain_or_own(&idp, &caller, domain.as_deref()).await?;
    let mut administrator = Administrator::open_in_bulk(&idp, &caller, sight, comment).await?;
    let known = Known { reference: &reference, domain, deleted: false, kind: GROUP };
    let group = administrator.changeable(known).await?;
    let mut changed = false;
    for subject in named(&mut administrator, ("subject", &subjects), (group.domain_id, None)).await? {
        let command = GroupCommand::RemoveMember { member: member(&subject) };
        changed |= administrator.tell_group(group_id(&group), command).await?;
    }
    left(administrator, &group, changed).await
}

async fn left(mut administrator: Administrator<'_>, group: &Subject, changed: bool) -> Result<Reply, ArgusError> {
    let c = administrator.desk.lane().connection();
    let members = subjects::list_members(c, &administrator.sight, group.subject).await?;
    administrator.desk.commit().await?;
    let page = Page::whole(members.len());
    Ok(if changed { Reply::list(&members, page) } else { Reply::unchanged_list(&members, page) })
}
