//! `GET /audit/v1/entries/{id}`: one entry of the audit trail, explained.

use super::visible;
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
#[utoipa::path(get, path = "/audit/v1/entries/{id}",
    params(("id" = i64, Path, description = "The entry's position.", minimum = 1)),
    responses((status = 200, description = "The entry.", body = Envelope<AuditEntry>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(id): Reference,
) -> Result<Reply, ArgusError> {
    let visible = visible(&idp, &caller).await?;
    let position = id.parse().ok().filter(|position: &i64| position.to_string() == id).ok_or(ArgusError::NotFound)?;
    let entry = read!(idp.database.connections(), |c| audit::find(c, position, &visible))?;
    Ok(Reply::ok(entry.ok_or(ArgusError::NotFound)?))
}
