//! `DELETE /useradmin/v2/permission/{permissionID}`: revoke one permission.

use super::{authority::Administrator, described::RevokeQuery};
use crate::http::{ArgusError, Changing, Envelope, Idp, Reference, Reply, common_fields::comment, query_fields};
use axum::{extract::State, http::Uri};
use projections::permissions::PermissionView;

/// Revokes a permission: 200 with what it was, now flagged `deleted`. It narrows every session and token at its next use.
///
/// # Errors
/// 401; 403 for a caller who may not manage permissions of the customer, or does not hold the function for it; 404; 412; 503.
#[utoipa::path(delete, path = "/useradmin/v2/permission/{permissionID}",
    params(("permissionID" = i64, Path, description = "Id."), RevokeQuery),
    responses((status = 200, description = "The permission.", body = Envelope<PermissionView>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(number): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let mut administrator = Administrator::open(&idp, &caller).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let comment = comment(&mut query);
    query.finish()?;
    let number = number.parse().map_err(|_| ArgusError::NotFound)?;
    let revoked = administrator.revoke(number, comment).await?;
    administrator.close().await?;
    Ok(Reply::ok(revoked))
}
