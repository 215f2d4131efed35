//! `GET`, `PUT` and `DELETE /authentication/v1/oauth/client/{idOrShortname}`: show, change or delete one client.

use super::{
    changing::{Change, Terms, redefining},
    described::ClientReference,
    rights::{DELETE, find_viewed},
    search_input::shows_details,
};
use crate::{
    directory::clients::{ClientFields, ClientObject, shown},
    http::{ArgusError, Asking, Changing, Envelope, Idp, JsonBody, Reference, Reply},
    read,
};
use aggregates::client::ClientCommand;
use axum::{extract::State, http::Uri};
use projections::clients;

/// The client object; a deleted client by its UUID alone.
///
/// # Errors
/// 401; 403 for a caller who may not view clients of anybody; 404.
#[utoipa::path(get, path = "/authentication/v1/oauth/client/{idOrShortname}", params(ClientReference),
    responses((status = 200, description = "The client.", body = Envelope<ClientObject>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
) -> Result<Reply, ArgusError> {
    let client = find_viewed(&idp, &caller, &reference).await?;
    let found = read!(idp.database.connections(), |c| clients::view(c, client.id))?;
    let view = found.ok_or(ArgusError::NotFound)?;
    let details = shows_details(&idp, &caller, &client).await?;
    Ok(Reply::ok(shown(&view, details)))
}

/// Changes the given fields: 200, or 220 when all of them are so already, with the client object.
///
/// # Errors
/// 401; 403 without the function, or when the client exceeds one's own rights before or after; 404; 412; 503.
#[utoipa::path(put, path = "/authentication/v1/oauth/client/{idOrShortname}", params(ClientReference, Terms),
    request_body = ClientFields,
    responses(
        (status = 200, description = "Changed.", body = Envelope<ClientObject>),
        (status = 220, description = "Nothing to change.", body = Envelope<ClientObject>),
        ArgusError,
    ))]
pub async fn put(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let (change, command) = redefining(&idp, &caller, &reference, (&uri, body)).await?;
    change.carry_out(command).await
}

/// Deletes the client, and with it every grant: 200 with the client object, now flagged `deleted`.
///
/// # Errors
/// 401; 403 without the function; 404; 412; 503.
#[utoipa::path(delete, path = "/authentication/v1/oauth/client/{idOrShortname}", params(ClientReference, Terms),
    responses((status = 200, description = "Deleted.", body = Envelope<ClientObject>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let found = find_viewed(&idp, &caller, &reference).await?;
    let change = Change::open(&idp, &caller, (found.id, DELETE), &Terms::read(&uri)?).await?;
    change.carry_out(ClientCommand::Delete).await
}
