//! `GET /authentication/v1/user/{user}`: whether a user can sign in.

use crate::{
    endpoints::whose::viewed,
    http::{ArgusError, Asking, Envelope, Idp, OfDomain, Reference, Reply},
};
use axum::{extract::State, http::Uri};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether a user can sign in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationStatus {
    /// The user is shut out.
    blocked: bool,
    /// The password has to be changed at the next sign-in.
    force_password_change: bool,
}

/// The status.
///
/// # Errors
/// 401; 403; 404; 412.
#[utoipa::path(get, path = "/authentication/v1/user/{user}", params(("user" = String, Path, description = "Number, UUID or user name."), OfDomain),
    responses((status = 200, description = "The status.", body = Envelope<AuthenticationStatus>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(user): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let domain = OfDomain::read(&uri)?.domain;
    let user = viewed(&idp, &caller, (&user, domain.as_deref())).await?;
    let blocked = user.status == "blocked";
    Ok(Reply::ok(AuthenticationStatus { blocked, force_password_change: user.must_change_password }))
}
