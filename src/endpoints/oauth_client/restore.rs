//! `POST /authentication/v1/oauth/client/{idOrShortname}/restore` and `…/restore/preview`: back to an earlier definition.

use super::{
    changing::{Change, Terms},
    described::ClientReference,
    moment,
    rights::{UPDATE, by, find_viewed},
};
use crate::{
    directory::clients::{ClientObject, Preview, restoring},
    http::{ArgusError, Caller, Changing, Envelope, Idp, JsonBody, Reference, Reply},
};
use aggregates::client::ClientCommand;
use axum::{extract::State, http::Uri};

/// Back to when.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(super) struct RestoreBody {
    /// A version (`7`), a position of the log (`@4711`), a day (`2026-01-31`) or a time (`2026-01-31T12:00:00Z`).
    to: String,
}

/// Makes the client be what it was, as a new version: nothing is deleted from its history. How it authenticates, its secret and whether it is
/// disabled stay as they are.
///
/// # Errors
/// 401; 403 without the function, or when the client exceeds one's own rights before or after; 404; 412 also when nothing would
/// change, when its short name was taken meanwhile, and when it referred to a function that was deleted; 503.
#[utoipa::path(post, path = "/authentication/v1/oauth/client/{idOrShortname}/restore", params(ClientReference, Terms),
    request_body = RestoreBody,
    responses((status = 200, description = "The client, restored.", body = Envelope<ClientObject>), ArgusError))]
pub async fn post(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let (change, command) = prepared(&idp, &caller, &reference, (&uri, body)).await?;
    change.carry_out(command).await
}

/// Tells what restoring would change, and who would gain or lose access. Nothing is changed.
///
/// # Errors
/// Those of restoring; 403 also for a caller who may not view the client's details.
#[utoipa::path(post, path = "/authentication/v1/oauth/client/{idOrShortname}/restore/preview",
    params(ClientReference, Terms), request_body = RestoreBody,
    responses((status = 200, description = "What would change.", body = Envelope<Preview>), ArgusError))]
pub async fn preview(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let (change, command) = prepared(&idp, &caller, &reference, (&uri, body)).await?;
    change.preview(command).await
}

async fn prepared<'a>(
    idp: &Idp,
    caller: &'a Caller,
    reference: &str,
    (uri, body): (&Uri, JsonBody),
) -> Result<(Change<'a>, ClientCommand), ArgusError> {
    let found = find_viewed(idp, caller, reference).await?;
    let terms = Terms::read(uri)?;
    let mut fields = body.fields();
    let moment = moment::read(&mut fields, "to");
    let moment = fields.required("to", moment);
    fields.finish()?;
    let moment = moment.ok_or_else(|| ArgusError::field("to", "is required"))?;
    let mut change = Change::open(idp, caller, (found.id, UPDATE), &terms).await?;
    let command = restoring(&mut change.lane, &change.present, moment, by(caller)).await?;
    Ok((change, command))
}
