//! `/useradmin/v2/subject/{shortNameOrId}` and `…/groups`: one user or group, and putting it into groups.

use super::{
    authority::Administrator,
    fields::{comment, references},
    joining::{named, take_in},
    known::{find, one, sight},
};
use crate::http::{ArgusError, Asking, Changing, Envelope, Idp, JsonBody, OfDomain, Page, Reference, Reply};
use axum::{extract::State, http::Uri};
use projections::{
    infos::SubjectType,
    memberships::{self, GroupMembership},
    subjects::{Known, Subject},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Into which groups.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupsFields {
    /// Ids or short names of groups of the subject's domain.
    parent_groups: Vec<String>,
    /// Why, in words.
    comment: Option<String>,
}

/// Shows a user or a group; a deleted one by number alone.
///
/// # Errors
/// 401; 403 for a caller who may view neither users nor groups of anybody; 404; 412 when a user and a group have the name.
#[utoipa::path(get, path = "/useradmin/v2/subject/{shortNameOrId}",
    params(("shortNameOrId" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The user or group.", body = Envelope<Subject>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, None).await?;
    let domain = OfDomain::find(&idp, &caller, &uri).await?;
    let known = Known { reference: &reference, domain, deleted: false, kind: None };
    Ok(Reply::ok(find(&idp, &sight, known).await?))
}

/// Puts a user or a group into groups: 200, or 220 when it is in all of them, with its memberships that the caller sees.
///
/// # Errors
/// 401; 403 for a caller who may not manage one of the groups, or may do less than it; 404; 412; 503.
#[utoipa::path(post, path = "/useradmin/v2/subject/{shortNameOrId}/groups", request_body = GroupsFields,
    params(("shortNameOrId" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The memberships.", body = Envelope<Vec<GroupMembership>>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<Vec<GroupMembership>>), ArgusError))]
pub async fn post(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, Some(SubjectType::Group)).await?;
    let domain = OfDomain::find(&idp, &caller, &uri).await?;
    let mut fields = body.fields();
    let (groups, comment) = (references(&mut fields, "parentGroups"), comment(&mut fields));
    fields.finish()?;
    let mut administrator = Administrator::open_in_bulk(&idp, &caller, sight, comment).await?;
    let known = Known { reference: &reference, domain, deleted: false, kind: None };
    let subject = one(administrator.find(known).await?)?;
    let place = (subject.domain_id, Some(SubjectType::Group));
    let mut changed = false;
    for group in named(&mut administrator, ("parentGroups", &groups), place).await? {
        administrator.may_change(&group).await?;
        changed |= take_in(&mut administrator, &group, &subject).await?;
    }
    let c = administrator.desk.lane().connection();
    let rows = memberships::list_of_member(c, &administrator.sight, subject.subject).await?;
    administrator.desk.commit().await?;
    let page = Page::whole(rows.len());
    Ok(if changed { Reply::list(&rows, page) } else { Reply::unchanged_list(&rows, page) })
}
