//! `GET /useradmin/v2/user/{shortNameOrID}/permissions` and `GET /useradmin/v2/group/{shortNameOrID}/permissions`: what a user or a
//! group holds, as far as the caller may view permissions. Of those that were taken back the audit trail tells.

use super::known::{domain_or_own, find, sight};
use crate::{
    http::{ArgusError, Asking, Caller, Envelope, Idp, Page, Reference, Reply, query_fields, search_fields},
    read,
};
use axum::{extract::State, http::Uri};
use projections::{
    infos::SubjectType,
    permissions::{self, Criteria, PermissionView, Relatives, Search},
    rights,
    subjects::Known,
};

/// To see permissions.
const VIEW_PERMISSIONS: &str = "viewPermissions";

/// Which permissions.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
#[expect(dead_code, reason = "it documents what `list` reads")]
pub(super) struct HeldQuery {
    /// The domain of the short name: id or short name; the caller's unless given.
    domain: Option<String>,
    /// Also those of the groups around it.
    #[param(default = true)]
    include_inherited: Option<bool>,
    /// Lists nothing more.
    include_deleted: Option<bool>,
    /// The most on a page; 0: as many as there may be on one.
    #[param(minimum = 0, maximum = 1000, default = 25)]
    limit: Option<i64>,
    /// How many to skip.
    #[param(minimum = 0, maximum = 2_147_483_647, default = 0)]
    offset: Option<i64>,
}

/// Lists the permissions of a user.
///
/// # Errors
/// 401; 403 for a caller who may not view users, or permissions, of anybody; 404; 412.
#[utoipa::path(get, path = "/useradmin/v2/user/{shortNameOrID}/permissions",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), HeldQuery),
    responses((status = 200, description = "A page of permissions.", body = Envelope<Vec<PermissionView>>), ArgusError))]
pub async fn of_user(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    list(&idp, &caller, (&reference, SubjectType::User), &uri).await
}

/// Lists the permissions of a group.
///
/// # Errors
/// 401; 403 for a caller who may not view groups, or permissions, of anybody; 404; 412.
#[utoipa::path(get, path = "/useradmin/v2/group/{shortNameOrID}/permissions",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), HeldQuery),
    responses((status = 200, description = "A page of permissions.", body = Envelope<Vec<PermissionView>>), ArgusError))]
pub async fn of_group(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    list(&idp, &caller, (&reference, SubjectType::Group), &uri).await
}

async fn list(
    idp: &Idp,
    caller: &Caller,
    (reference, kind): (&str, SubjectType),
    uri: &Uri,
) -> Result<Reply, ArgusError> {
    let (connections, kind) = (idp.database.connections(), Some(kind));
    let sight = sight(idp, caller, kind).await?;
    let viewed = read!(connections, |c| rights::customers_where(c, &caller.rights, VIEW_PERMISSIONS))?;
    if viewed.is_empty() {
        return Err(ArgusError::Denied);
    }
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let domain = query.reference("domain");
    let inherited = query.switch("includeInherited").unwrap_or(true);
    query.switch("includeDeleted");
    let (limit, offset) = search_fields::page(&mut query);
    query.finish()?;
    let domain = domain_or_own(idp, caller, domain).await?;
    let subject = find(idp, &sight, Known { reference, domain, deleted: false, kind }).await?.subject;
    let criteria = Criteria {
        subjects: Some(vec![subject.to_string()]),
        subject_relatives: Relatives { above: inherited, below: false },
        ..Criteria::default()
    };
    let search = Search { criteria, sub_criteria: Vec::new(), sort: Vec::new(), limit, offset };
    let found = read!(connections, |c| permissions::search(c, &viewed, &search))?;
    Ok(Reply::list(&found.rows, Page { limit, offset, count: found.count }))
}
