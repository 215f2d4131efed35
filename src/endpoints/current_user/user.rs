//! `GET /currentuser/v1/user`: the user who is calling.

use crate::{
    http::{ArgusError, Asking, Credential, Envelope, Idp, Reply},
    read,
};
use axum::extract::State;
use projections::current_user::{self, CurrentUser};
use serde::Serialize;
use utoipa::ToSchema;

/// The user, with the address of the picture.
#[derive(Serialize, ToSchema)]
pub struct ShownUser {
    #[serde(flatten)]
    user: CurrentUser,
    /// Where the user's picture is.
    #[serde(rename = "imageURL")]
    image_url: String,
}

/// The user. Mail address and telephone number are for the user's own credentials: a client learns them at userinfo, by scope.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/currentuser/v1/user",
    responses((status = 200, description = "The user.", body = Envelope<ShownUser>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking) -> Result<Reply, ArgusError> {
    let now = idp.now();
    let mut user = read!(idp.database.connections(), |c| current_user::find(c, &caller.rights, now))?;
    if let Credential::Delegated(_) = caller.credential {
        (user.email, user.mobile) = (None, None);
    }
    let image_url = idp.url(&format!("/users/v2/user/{}/picture", caller.user));
    Ok(Reply::ok(ShownUser { user, image_url }))
}
