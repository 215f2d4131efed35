//! `PUT /customeradmin/v2/customer/{idOrShortName}/disable` and `…/reenable`: shut a customer out, with all below it, and let it in
//! again.

use super::{authority::Administrator, described::Empty};
use crate::http::{
    ArgusError, Caller, Changing, Envelope, Idp, JsonBody, OfDomain, Reference, Reply, common_fields::nothing,
};
use aggregates::customer::CustomerCommand;
use axum::{extract::State, http::Uri};
use projections::customers::CustomerView;

/// Disables a customer: nobody holds anything for it and for those below it, and their users cannot sign in. 200, or 220 when it is
/// disabled, with the customer.
///
/// # Errors
/// 401; 403 for a caller who may not manage the customer; 404; 412, also for the root of the domain; 503.
#[utoipa::path(put, path = "/customeradmin/v2/customer/{idOrShortName}/disable", request_body = Empty,
    params(("idOrShortName" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The customer.", body = Envelope<CustomerView>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<CustomerView>), ArgusError))]
pub async fn disable(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    change(&idp, &caller, (&reference, &uri, body), CustomerCommand::Disable).await
}

/// Lets a customer in again, with every permission of before: 200, or 220 when it is not disabled, with the customer.
///
/// # Errors
/// 401; 403 for a caller who may not manage customers above it; 404; 412; 503.
#[utoipa::path(put, path = "/customeradmin/v2/customer/{idOrShortName}/reenable", request_body = Empty,
    params(("idOrShortName" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The customer.", body = Envelope<CustomerView>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<CustomerView>), ArgusError))]
pub async fn reenable(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    change(&idp, &caller, (&reference, &uri, body), CustomerCommand::Enable).await
}

async fn change(
    idp: &Idp,
    caller: &Caller,
    (reference, uri, body): (&str, &Uri, JsonBody),
    command: CustomerCommand,
) -> Result<Reply, ArgusError> {
    let domain = OfDomain::find(idp, caller, uri).await?;
    let mut administrator = Administrator::open(idp, caller).await?;
    let id = administrator.changeable(domain, reference).await?.customer;
    nothing(body)?;
    let changed = administrator.tell(id, command).await?;
    let view = administrator.close(domain, id).await?;
    Ok(if changed { Reply::ok(view) } else { Reply::unchanged(view) })
}
