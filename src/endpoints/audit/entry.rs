//! `GET /audit/v1/entries/{position}`: one entry of the audit trail, explained.

use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Reference, Reply},
    read,
};
use axum::extract::State;
use projections::audit::{self, AuditEntry};

/// The entry at a position of the log: in one sentence, and in full.
///
/// # Errors
/// 401, 403; 404 for what is not there or is not the caller's to see.
#[utoipa::path(get, path = "/audit/v1/entries/{position}",
    params(("position" = String, Path, description = "The entry's position in the log.")),
    responses((status = 200, description = "The entry.", body = Envelope<AuditEntry>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(position): Reference,
) -> Result<Reply, ArgusError> {
    let visible = caller.visible_entries(&idp).await?;
    let position: i64 = position.parse().map_err(|_| ArgusError::NotFound)?;
    let entry = read!(idp.database.connections(), |c| audit::find(c, position, &visible))?;
    Ok(Reply::ok(entry.ok_or(ArgusError::NotFound)?))
}
