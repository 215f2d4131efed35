//! `/currentuser/v1/picture`: the caller's own picture.

use crate::{
    directory::{Desk, pictures},
    http::{
        ArgusError, Asking, Changing, Envelope, Idp, Reply, picture,
        picture::{PictureBody, PictureFields},
        query_fields,
    },
    read,
};
use axum::{extract::State, http::Uri, response::Response};
use projections::current_user::{self, CurrentUser};

/// The picture. `default`: who has none gets a drawing.
///
/// # Errors
/// 401; 404 for who has none; 412.
#[utoipa::path(get, path = "/currentuser/v1/picture",
    params(("default" = Option<bool>, Query, description = "Whether who has none gets a drawing.")),
    responses((status = 200, description = "A picture.",
        content((String = "image/png"), (String = "image/svg+xml"))), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Response, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let default = picture::wants_default(&mut query);
    query.finish()?;
    let found = picture::find(&idp, caller.user).await?;
    found.or_else(|| default.then(picture::drawing)).ok_or(ArgusError::NotFound)
}

/// Sets the picture. For the user in person: never by what was delegated or narrowed.
///
/// # Errors
/// 401; 403; 412; 429; 503.
#[utoipa::path(put, path = "/currentuser/v1/picture", request_body = PictureFields,
    responses((status = 200, description = "The user.", body = Envelope<CurrentUser>), ArgusError))]
pub async fn put(State(idp): State<Idp>, Changing(caller): Changing, body: PictureBody) -> Result<Reply, ArgusError> {
    caller.in_person()?;
    let picture = picture::uploaded(body).await?;
    let mut desk = Desk::open(&idp.store, idp.tools(), caller.own_context()).await?;
    pictures::change(&mut desk, caller.user, &picture).await?;
    desk.commit().await?;
    let now = idp.now();
    Ok(Reply::ok(read!(idp.database.connections(), |c| current_user::find(c, &caller.rights, now))?))
}
