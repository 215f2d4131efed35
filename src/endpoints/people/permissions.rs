//! `GET /useradmin/v2/user/{shortNameOrID}/permissions` and `GET /useradmin/v2/group/{shortNameOrID}/permissions`: what somebody was
//! granted, as far as the caller may view permissions.

use super::known::{find, sight};
use crate::{
    http::{
        ArgusError, Asking, Caller, Envelope, Idp, Page, Reference, Reply, common_fields::without_ended, domain_or_own,
        query_fields, search_fields,
    },
    read,
};
use axum::{extract::State, http::Uri};
use projections::{
    infos::SubjectType,
    permissions::{self, Criteria, PermissionView, Relatives, Search},
    rights,
    subjects::Known,
};

/// Which permissions of whom.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
#[expect(dead_code, reason = "describes the query that `list` reads")]
pub struct GrantedPermissions {
    /// The domain of the short name: id or short name; the caller's unless given.
    domain: Option<String>,
    /// Whether those of the groups around count as well; they do unless it is false.
    include_inherited: Option<bool>,
    /// Only false: permissions that ended are in the audit trail.
    #[param(value_type = Option<String>, pattern = "^false$")]
    include_deleted: Option<bool>,
}

/// Lists what a user was granted.
///
/// # Errors
/// 401; 403 for a caller who may not view users, or permissions, of anybody; 404; 412.
#[utoipa::path(get, path = "/useradmin/v2/user/{shortNameOrID}/permissions",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), GrantedPermissions, search_fields::PageQuery),
    responses((status = 200, description = "The permissions.", body = Envelope<Vec<PermissionView>>), ArgusError))]
pub async fn of_user(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    list(&idp, &caller, (&reference, SubjectType::User), &uri).await
}

/// Lists what a group was granted.
///
/// # Errors
/// 401; 403 for a caller who may not view groups, or permissions, of anybody; 404; 412.
#[utoipa::path(get, path = "/useradmin/v2/group/{shortNameOrID}/permissions",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), GrantedPermissions, search_fields::PageQuery),
    responses((status = 200, description = "The permissions.", body = Envelope<Vec<PermissionView>>), ArgusError))]
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
    let sight = sight(idp, caller, Some(kind)).await?;
    let rights = &caller.rights;
    let viewed = read!(idp.database.connections(), |c| rights::customers_where(c, rights, "viewPermissions"))?;
    if viewed.is_empty() {
        return Err(ArgusError::Denied);
    }
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let domain = query.reference("domain");
    let above = query.switch("includeInherited").unwrap_or(true);
    let ended = query.switch("includeDeleted");
    without_ended(&mut query, ended);
    let (limit, offset) = search_fields::page(&mut query);
    query.finish()?;
    let domain = domain_or_own(idp, caller, domain.as_deref()).await?;
    let subject = find(idp, &sight, Known { reference, domain, deleted: false, kind: Some(kind) }).await?;
    let criteria = Criteria {
        subjects: Some(vec![subject.id.to_string()]),
        subject_relatives: Relatives { above, below: false },
        ..Criteria::default()
    };
    let search = Search { criteria, sub_criteria: Vec::new(), sort: Vec::new(), limit, offset };
    let found = search_fields::found(read!(idp.database.searches(), |c| permissions::search(c, &viewed, &search)))?;
    Ok(Reply::list(&found.rows, Page { limit, offset, count: found.count }))
}
