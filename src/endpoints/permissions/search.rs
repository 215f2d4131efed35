//! `POST /useradmin/v2/permission/search`: find permissions.

use super::{
    authority::viewed,
    described::PermissionCriteria,
    search_input::{answer, of_search},
};
use crate::http::{ArgusError, Asking, Envelope, Idp, JsonBody, Reply, described_search::SearchOf};
use axum::extract::State;
use projections::permissions::PermissionView;

/// Searches for permissions.
///
/// # Errors
/// 401; 403 for a caller who may not view permissions of anybody; 412.
#[utoipa::path(post, path = "/useradmin/v2/permission/search", request_body = SearchOf<PermissionCriteria>,
    responses((status = 200, description = "A page of permissions.", body = Envelope<Vec<PermissionView>>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    let viewed = viewed(&idp, &caller).await?;
    answer(&idp, &viewed, &of_search(body.fields())?).await
}
