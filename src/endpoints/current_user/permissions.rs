//! `GET /currentuser/v1/permissions`: what the user who is calling was granted. What was delegated or narrowed sees
//! those that lie within what it may do.

use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page, Reply, query_fields, search_fields},
    read,
};
use axum::{extract::State, http::Uri};
use projections::permissions::{self, PermissionView};

/// Which permissions.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
#[expect(dead_code, reason = "describes the query that `get` reads")]
pub struct OwnPermissions {
    /// Whether those of the user's groups count as well; they do unless it is false.
    include_inherited: Option<bool>,
}

/// Those of the user and, unless `includeInherited` is false, of the groups around the user. `limit`, `offset`.
///
/// # Errors
/// 401; 412.
#[utoipa::path(get, path = "/currentuser/v1/permissions", params(OwnPermissions, search_fields::PageQuery),
    responses((status = 200, description = "The permissions.", body = Envelope<Vec<PermissionView>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let inherited = query.switch("includeInherited").unwrap_or(true);
    let (limit, offset) = search_fields::page(&mut query);
    query.finish()?;
    let found = read!(idp.database.connections(), |c| {
        permissions::list_granted(c, &caller.rights, inherited, (limit, offset))
    })?;
    Ok(Reply::list(&found.rows, Page { limit, offset, count: found.count }))
}
