//! `PUT /customeradmin/v2/customer/{idOrShortName}/move`: put a customer below another.

use super::{authority::Administrator, described::NewPlace};
use crate::{
    directory::customers,
    http::{
        ArgusError, Changing, Envelope, Idp, JsonBody, OfDomain, Reference, Reply, common_fields::required_reference,
    },
};
use axum::{extract::State, http::Uri};
use projections::customers::CustomerView;

/// Moves a customer, with all below it, to another parent of the domain, whose administrators reach it then: 200, or 220 when it
/// is there, with the customer.
///
/// # Errors
/// 401; 403 for a caller who may not manage the customer, its parent or the new one, or does not hold for it what the new one
/// brings; 404; 412, also for the root of the domain and
/// for what would lie below itself; 503.
#[utoipa::path(put, path = "/customeradmin/v2/customer/{idOrShortName}/move", request_body = NewPlace,
    params(("idOrShortName" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The customer.", body = Envelope<CustomerView>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<CustomerView>), ArgusError))]
pub async fn put(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let domain = OfDomain::find(&idp, &caller, &uri).await?;
    let mut administrator = Administrator::open(&idp, &caller).await?;
    let customer = administrator.changeable(domain, &reference).await?;
    let mut fields = body.fields();
    let parent = required_reference(&mut fields, "parent");
    fields.finish()?;
    let parent = administrator.parent(domain, &parent.ok_or(ArgusError::NotJson)?).await?;
    if let Some(above) = customer.above {
        administrator.require(above, domain).await?;
    }
    administrator.require_move(customer.customer, parent).await?;
    let command = customers::move_below(&mut administrator.desk, domain, customer.customer, parent).await?;
    let changed = administrator.tell(customer.customer, command).await?;
    let view = administrator.close(domain, customer.customer).await?;
    Ok(if changed { Reply::ok(view) } else { Reply::unchanged(view) })
}
