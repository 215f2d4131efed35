//! `POST /authentication/v1/oauth/client/{idOrShortname}/preview`: what a change would do.

use super::{
    changing::{Terms, redefining},
    described::ClientReference,
};
use crate::{
    directory::clients::{ClientFields, Preview},
    http::{ArgusError, Changing, Envelope, Idp, JsonBody, Reference, Reply},
};
use axum::{extract::State, http::Uri};

/// Takes what PUT of the client takes, and tells what it would change, and who would gain or lose access. Nothing is changed.
///
/// # Errors
/// Those of the PUT; 403 also for a caller who may not view the client's details.
#[utoipa::path(post, path = "/authentication/v1/oauth/client/{idOrShortname}/preview", params(ClientReference, Terms),
    request_body = ClientFields,
    responses((status = 200, description = "What would change.", body = Envelope<Preview>), ArgusError))]
pub async fn post(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let (change, command) = redefining(&idp, &caller, &reference, (&uri, body)).await?;
    change.preview(command).await
}
