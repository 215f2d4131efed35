//! `GET /authentication/v1/user/{user}/events`: those of a user.

use super::event::{AuthenticationEvent, EventQuery, answer, wanted};
use crate::{
    endpoints::whose::viewed,
    http::{ArgusError, Asking, Envelope, Idp, Reference, Reply, query_fields, search_fields::PageQuery},
    read,
};
use axum::{extract::State, http::Uri};
use projections::{
    audit::{FUNCTION, Visible, Wanted},
    rights,
};

/// The authentication events of a user, the latest first. Needs `viewUsers` and `viewAuditTrail` for the user's customer.
///
/// # Errors
/// 401; 403; 404; 412.
#[utoipa::path(get, path = "/authentication/v1/user/{user}/events",
    params(("user" = String, Path, description = "Number, UUID or user name."), EventQuery, PageQuery),
    responses((status = 200, description = "A page.", body = Envelope<Vec<AuthenticationEvent>>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(user): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let wanted = wanted(&mut query);
    query.finish()?;
    let user = viewed(&idp, &caller, (&user, None)).await?;
    let held = read!(idp.database.connections(), |c| {
        rights::holds(c, &caller.rights, FUNCTION, Some(user.customer), user.domain)
    })?;
    if !held {
        return Err(ArgusError::Denied);
    }
    answer(&idp, &Wanted { user: Some(user.id), ..wanted }, &Visible::Domain(user.domain)).await
}
