//! `GET /currentuser/v1/groups`: the groups that the user who is calling is in.

use crate::{
    http::{ArgusError, Asking, Idp, Page, Reply, query_fields, search_fields},
    read,
};
use axum::{extract::State, http::Uri};
use projections::current_user;

/// Those that the user is in directly; with `includeAncestors`, also those around them. `limit`, `offset`.
///
/// # Errors
/// 401; 412.
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let ancestors = query.switch("includeAncestors").unwrap_or_default();
    let (limit, offset) = search_fields::page(&mut query);
    query.finish()?;
    let (groups, count) = read!(idp.database.connections(), |c| {
        current_user::list_groups(c, caller.user, ancestors, (limit, offset))
    })?;
    Ok(Reply::list(&groups, Page { limit, offset, count }))
}
