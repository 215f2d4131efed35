//! `GET`, `PUT` and `DELETE /authentication/v1/oauth/client/{idOrShortname}`: show, change or delete one client.

use super::{
    rights::{DELETE, UPDATE, VIEW_DETAILS, by, find_viewed},
    search_input::shows_details,
};
use crate::{
    directory::clients::{self as input, ClientFields, ClientInput, ClientObject, refused, shown},
    event_store::DefinitionLane,
    http::{ArgusError, Asking, Caller, Changing, Envelope, Idp, JsonBody, Reference, Reply},
    read,
};
use aggregates::{
    client::{Client, ClientCommand, Definition},
    ids::ClientId,
};
use axum::extract::State;
use projections::clients;

/// Which client.
#[derive(utoipa::IntoParams)]
#[into_params(names("idOrShortname"), parameter_in = Path)]
#[expect(dead_code, reason = "describes the variable of the path")]
pub struct ClientReference(
    /// The UUID, or the short name in the caller's domain.
    String,
);

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
    let details = shows_details(&idp, &caller, &view).await?;
    Ok(Reply::ok(shown(&view, details)))
}

/// Changes the given fields: 200, or 220 when all of them are so already, with the client object.
///
/// # Errors
/// 401; 403 without the function, or when the client exceeds one's own rights before or after; 404; 412; 503.
#[utoipa::path(put, path = "/authentication/v1/oauth/client/{idOrShortname}", params(ClientReference),
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
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let found = find_viewed(&idp, &caller, &reference).await?;
    let input = ClientInput::of_change(body.fields())?;
    let secret = input::hash((&idp.client_secrets, idp.entropy.as_ref()), &input, Some(&found.definition)).await?;
    let mut lane = idp.store.definitions().await?;
    let present = live(&mut lane, found.id, UPDATE, &caller).await?;
    let wanted = input::changed(&mut lane, input, &present, secret).await?;
    let facts = input::facts(&mut lane, found.id, (Some(&present), &wanted), by(&caller)).await?;
    let command = ClientCommand::Redefine { definition: Box::new(wanted), facts };
    let done = lane.execute::<Client>(found.id.uuid(), command, &caller.context).await.map_err(refused)?;
    let details = by(&caller).holds(&mut lane, VIEW_DETAILS, present.customer, present.domain).await?;
    let view = clients::view(lane.connection(), found.id).await?.ok_or(ArgusError::NotFound)?;
    lane.commit().await?;
    let object = shown(&view, details);
    Ok(if done.events.is_empty() { Reply::unchanged(object) } else { Reply::ok(object) })
}

/// Deletes the client, and with it every grant: 200 with the client object, now flagged `deleted`.
///
/// # Errors
/// 401; 403 without the function; 404; 503.
#[utoipa::path(delete, path = "/authentication/v1/oauth/client/{idOrShortname}", params(ClientReference),
    responses((status = 200, description = "Deleted.", body = Envelope<ClientObject>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
) -> Result<Reply, ArgusError> {
    let found = find_viewed(&idp, &caller, &reference).await?;
    let mut lane = idp.store.definitions().await?;
    let present = live(&mut lane, found.id, DELETE, &caller).await?;
    lane.execute::<Client>(found.id.uuid(), ClientCommand::Delete, &caller.context).await.map_err(refused)?;
    let details = by(&caller).holds(&mut lane, VIEW_DETAILS, present.customer, present.domain).await?;
    let view = clients::view(lane.connection(), found.id).await?.ok_or(ArgusError::NotFound)?;
    lane.commit().await?;
    Ok(Reply::ok(shown(&view, details)))
}

/// The client as it stands in the lane, if it is alive and the caller holds the function for it.
async fn live(
    lane: &mut DefinitionLane,
    id: ClientId,
    function: &str,
    caller: &Caller,
) -> Result<Definition, ArgusError> {
    let row = clients::find_by_id(lane.connection(), id).await?.filter(|row| !row.deleted);
    let definition = row.ok_or(ArgusError::NotFound)?.definition;
    let held = by(caller).holds(lane, function, definition.customer, definition.domain).await?;
    if held { Ok(definition) } else { Err(ArgusError::Denied) }
}
