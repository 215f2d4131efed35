//! `/useradmin/v2/user/{shortNameOrID}/picture`: the picture of a user.

use super::{
    authority::{Administrator, user_id},
    known::{find, sight},
};
use crate::{
    directory::pictures,
    http::{
        ArgusError, Asking, Changing, Envelope, Idp, OfDomain, Reference, Reply, domain_or_own, picture,
        picture::{PictureBody, PictureFields},
        query_fields,
    },
};
use axum::{extract::State, http::Uri, response::Response};
use projections::{
    infos::SubjectType,
    subjects::{Known, Subject},
};

const USER: Option<SubjectType> = Some(SubjectType::User);

/// The picture. `default`: who has none gets a drawing.
///
/// # Errors
/// 401; 403 for a caller who may not view users of anybody; 404, also for a user who has none; 412.
#[utoipa::path(get, path = "/useradmin/v2/user/{shortNameOrID}/picture",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain,
        ("default" = Option<bool>, Query, description = "Whether who has none gets a drawing.")),
    responses((status = 200, description = "A picture.",
        content((String = "image/png"), (String = "image/svg+xml"))), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Response, ArgusError> {
    let sight = sight(&idp, &caller, USER).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let (default, domain) = (picture::wants_default(&mut query), query.reference("domain"));
    query.finish()?;
    let domain = domain_or_own(&idp, &caller, domain.as_deref()).await?;
    let user = find(&idp, &sight, Known { reference: &reference, domain, deleted: false, kind: USER }).await?;
    let found = picture::find(&idp, user_id(&user)).await?;
    found.or_else(|| default.then(picture::drawing)).ok_or(ArgusError::NotFound)
}

/// Sets the picture: 200 with the user.
///
/// # Errors
/// 401; 403 for a caller who may not manage the user, or may do less than the user; 404; 412; 429; 503.
#[utoipa::path(put, path = "/useradmin/v2/user/{shortNameOrID}/picture", request_body = PictureFields,
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The user.", body = Envelope<Subject>), ArgusError))]
pub async fn put(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: PictureBody,
) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, USER).await?;
    let domain = OfDomain::find(&idp, &caller, &uri).await?;
    let known = Known { reference: &reference, domain, deleted: false, kind: USER };
    find(&idp, &sight, known).await?;
    let picture = picture::uploaded(body).await?;
    let mut administrator = Administrator::open(&idp, &caller, sight, None).await?;
    let user = user_id(&administrator.changeable(known).await?);
    pictures::change(&mut administrator.desk, user, &picture).await?;
    Ok(Reply::ok(administrator.close(user).await?))
}
