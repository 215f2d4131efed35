//! `GET /users/v2/user/{shortNameOrID}/picture`: what the `picture` claim points to. Programs and browsers fetch it without a credential, so
//! it is found by the UUID alone, which only they know who were told; anything else gets the drawing, which tells nothing about
//! who exists.

use crate::http::{ArgusError, Idp, Reference, picture};
use axum::{extract::State, response::Response};

/// The picture of the user with that UUID, or a drawing.
///
/// # Errors
/// 503.
#[utoipa::path(get, path = "/users/v2/user/{shortNameOrID}/picture", security(()),
    params(("shortNameOrID" = String, Path, description = "The UUID of the user; for anything else there is a drawing.")),
    responses((status = 200, description = "A picture.",
        content((String = "image/png"), (String = "image/svg+xml"))), ArgusError))]
pub async fn get(State(idp): State<Idp>, Reference(reference): Reference) -> Result<Response, ArgusError> {
    let found = match reference.parse() {
        Ok(user) => picture::find(&idp, user).await?,
        Err(_) => None,
    };
    Ok(found.unwrap_or_else(picture::drawing))
}
