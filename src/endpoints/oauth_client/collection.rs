//! `POST` and `GET /authentication/v1/oauth/client`: define a client, list those that one may use.

use super::{
    described::ListParameters,
    rights::{CREATE, VIEW_DETAILS, by, require, require_view},
    search_input,
};
use crate::{
    directory::clients::{self as input, ClientInput, ClientObject, NewClient, Place, refused, shown},
    event_store::DefinitionLane,
    http::{
        ArgusError, Asking, Caller, Changing, Envelope, Idp, JsonBody, Reply, query_fields, search_fields::PageQuery,
    },
};
use aggregates::{
    client::{Client, ClientCommand},
    ids::ClientId,
};
use axum::{extract::State, http::Uri};
use projections::clients;

/// Defines a client: 201 with the client object.
///
/// # Errors
/// 401; 403 without the functions or beyond one's own rights; 412; 503.
#[utoipa::path(post, path = "/authentication/v1/oauth/client", request_body = NewClient,
    responses((status = 201, description = "Defined.", body = Envelope<ClientObject>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Changing(caller): Changing, body: JsonBody) -> Result<Reply, ArgusError> {
    require_view(&idp, &caller).await?;
    require(&idp, &caller, CREATE).await?;
    let input = ClientInput::of_new(body.fields())?;
    let secret = input::hash((&idp.client_secrets, idp.entropy.as_ref()), &input, None).await?;
    let id = ClientId::new(idp.new_id());
    let mut lane = idp.store.definitions().await?;
    let place = permitted_place(&mut lane, &input, &caller).await?;
    let definition = input::defined(&mut lane, input, place, secret).await?;
    let facts = input::facts(&mut lane, id, (None, &definition), by(&caller)).await?;
    let command = ClientCommand::Define { definition: Box::new(definition), facts };
    lane.execute::<Client>(id.uuid(), command, &caller.context).await.map_err(refused)?;
    let details = by(&caller).holds(&mut lane, VIEW_DETAILS, place.customer, place.domain).await?;
    let view = clients::view(lane.connection(), id).await?.ok_or(ArgusError::Unavailable)?;
    lane.commit().await?;
    Ok(Reply::created(shown(&view, details)))
}

/// The place, if the caller may create clients there. Only who may do so everywhere learns that a reference names nothing:
/// for others it is as forbidden as what they may not see.
async fn permitted_place(lane: &mut DefinitionLane, input: &ClientInput, caller: &Caller) -> Result<Place, ArgusError> {
    match input::find_place(lane, input, caller.domain).await? {
        Ok(place) if by(caller).holds(lane, CREATE, place.customer, place.domain).await? => Ok(place),
        Err(field) if by(caller).holds(lane, CREATE, None, caller.domain).await? => {
            Err(ArgusError::field(field, "names nothing in this domain"))
        }
        Ok(_) | Err(_) => Err(ArgusError::Denied),
    }
}

/// Lists clients: `customer`, `domain`, `keywords`, `sortBy` (all repeatable), `limit`, `offset`.
///
/// # Errors
/// 401; 403 for a caller who may not view clients of anybody; 412.
#[utoipa::path(get, path = "/authentication/v1/oauth/client", params(ListParameters, PageQuery),
    responses((status = 200, description = "Those that the caller may use.", body = Envelope<Vec<ClientObject>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    require_view(&idp, &caller).await?;
    let fields = query_fields(uri.query().unwrap_or_default(), &["customer", "domain", "keywords", "sortBy"])?;
    let search = search_input::of_list(fields)?;
    search_input::answer(&idp, &caller, &search).await
}
