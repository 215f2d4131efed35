//! `GET /currentuser/v1/groups`: the groups that the user who is calling is in. What is kept to some customers sees groups of these.

use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page, Reply, query_fields, search_fields},
    read,
};
use axum::{extract::State, http::Uri};
use projections::current_user::{self, OwnGroup};

/// Which groups.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
#[expect(dead_code, reason = "describes the query that `get` reads")]
pub struct OwnGroups {
    /// Whether those around the user's groups count as well.
    include_ancestors: Option<bool>,
}

/// Those that the user is in directly; with `includeAncestors`, also those around them. `limit`, `offset`.
///
/// # Errors
/// 401; 412.
#[utoipa::path(get, path = "/currentuser/v1/groups", params(OwnGroups, search_fields::PageQuery),
    responses((status = 200, description = "The groups.", body = Envelope<Vec<OwnGroup>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let ancestors = query.switch("includeAncestors").unwrap_or_default();
    let (limit, offset) = search_fields::page(&mut query);
    query.finish()?;
    let (groups, count) = read!(idp.database.connections(), |c| {
        current_user::list_groups(c, &caller.rights, ancestors, (limit, offset))
    })?;
    Ok(Reply::list(&groups, Page { limit, offset, count }))
}
