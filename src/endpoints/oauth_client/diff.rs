//! `GET /authentication/v1/oauth/client/{idOrShortname}/diff?from=&to=`: what has changed between two moments.

use super::{described::ClientReference, moment, rights::find_detailed};
use crate::{
    directory::clients::{FieldChange, History, diff},
    http::{ArgusError, Asking, Envelope, Idp, Page, Reference, Reply, query_fields},
};
use axum::{extract::State, http::Uri};

/// Between what and what.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct DiffQuery {
    /// A version (`7`), a position of the log (`@4711`), a day (`2026-01-31`) or a time (`2026-01-31T12:00:00Z`).
    from: String,
    /// The same; now unless given.
    to: Option<String>,
}

/// One entry per field that differs: of a list what was added and removed, of anything else what it was and is. Of a secret nothing is
/// told but that it changed.
///
/// # Errors
/// 401; 403 for a caller who may not view clients or their details; 404 also for a moment without a client; 412.
#[utoipa::path(get, path = "/authentication/v1/oauth/client/{idOrShortname}/diff", params(ClientReference, DiffQuery),
    responses((status = 200, description = "What differs.", body = Envelope<Vec<FieldChange>>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let client = find_detailed(&idp, &caller, &reference).await?;
    let mut fields = query_fields(uri.query().unwrap_or_default(), &[])?;
    let from = moment::read(&mut fields, "from");
    let from = fields.required("from", from);
    let to = moment::read(&mut fields, "to");
    fields.finish()?;
    let mut lease = idp.database.connections().lease().await?;
    let history = History::read(&mut lease, client.id).await?.ok_or(ArgusError::NotFound)?;
    let from = from.ok_or(ArgusError::NotFound)?;
    let before = history.view(&mut lease, Some(from)).await?.ok_or(ArgusError::NotFound)?;
    let after = history.view(&mut lease, to).await?.ok_or(ArgusError::NotFound)?;
    lease.done();
    let changes = diff(&before, &after);
    Ok(Reply::list(&changes, Page::whole(changes.len())))
}
