//! `GET /authentication/v1/oauth/client/{idOrShortname}/history` and `…/history/{moment}`: what a client was, and who made it so.

use super::{described::ClientReference, rights::find_detailed};
use crate::{
    directory::clients::{History, PastObject, VersionObject},
    http::{
        ArgusError, Asking, Envelope, Idp, Page, Pair, Reference, Reply, query_fields,
        search_fields::{self, PageQuery},
    },
};
use axum::{extract::State, http::Uri};

/// Which client, and when.
#[derive(utoipa::IntoParams)]
#[into_params(names("idOrShortname", "moment"), parameter_in = Path)]
#[expect(dead_code, reason = "describes the variables of the path")]
pub struct PastReference(
    /// The UUID, or the short name in the caller's domain.
    String,
    /// A version (`7`), a position of the log (`@4711`), a day (`2026-01-31`) or a time (`2026-01-31T12:00:00Z`).
    String,
);

/// Every version with who, when and why, oldest first, also of a deleted client by its UUID. A version is what one command has made; its
/// number is the one that grants and the audit trail name. Query: `limit`, `offset`.
///
/// # Errors
/// 401; 403 for a caller who may not view clients or their details; 404; 412.
#[utoipa::path(get, path = "/authentication/v1/oauth/client/{idOrShortname}/history", params(ClientReference, PageQuery),
    responses((status = 200, description = "The versions.", body = Envelope<Vec<VersionObject>>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let client = find_detailed(&idp, &caller, &reference).await?;
    let mut fields = query_fields(uri.query().unwrap_or_default(), &[])?;
    let (limit, offset) = search_fields::page(&mut fields);
    fields.finish()?;
    let mut lease = idp.database.connections().lease().await?;
    let history = History::read(&mut lease, client.id).await?.ok_or(ArgusError::NotFound)?;
    let versions: Vec<_> = history.versions().collect();
    let mut rows = Vec::new();
    for steps in search_fields::one_page(&versions, (limit, offset)) {
        rows.extend(VersionObject::of(&mut lease, steps).await?);
    }
    lease.done();
    Ok(Reply::list(&rows, Page { limit, offset, ..Page::whole(versions.len()) }))
}

/// The client as it was at a moment: after a version of it, after an event of the log, or at a time by the clock of the database.
///
/// # Errors
/// 401; 403 for a caller who may not view clients or their details; 404 also when it was not there yet, or the moment has not been.
#[utoipa::path(get, path = "/authentication/v1/oauth/client/{idOrShortname}/history/{moment}", params(PastReference),
    responses((status = 200, description = "The client as it was.", body = Envelope<PastObject>), ArgusError))]
pub async fn at(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Pair(reference, moment): Pair,
) -> Result<Reply, ArgusError> {
    let client = find_detailed(&idp, &caller, &reference).await?;
    let moment = moment.parse().map_err(|_| ArgusError::NotFound)?;
    let mut lease = idp.database.connections().lease().await?;
    let history = History::read(&mut lease, client.id).await?.ok_or(ArgusError::NotFound)?;
    let steps = history.until(&mut lease, moment).await?.ok_or(ArgusError::NotFound)?;
    let past = PastObject::of(&mut lease, &history, steps).await?;
    lease.done();
    past.map(Reply::ok).ok_or(ArgusError::NotFound)
}
