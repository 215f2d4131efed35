//! `/customeradmin/v2/customer/{idOrShortName}`: show or change one customer.

use super::{
    authority::{Administrator, viewed},
    described::CustomerChange,
    fields::constants_of_change,
};
use crate::{
    directory::customers as places,
    http::{ArgusError, Asking, Changing, Envelope, Idp, JsonBody, OfDomain, Reference, Reply},
    read,
};
use aggregates::customer::CustomerCommand;
use axum::{extract::State, http::Uri};
use projections::customers::{self, CustomerView};

/// Shows a customer.
///
/// # Errors
/// 401; 403 for a caller who may not view customers; 404; 412.
#[utoipa::path(get, path = "/customeradmin/v2/customer/{idOrShortName}",
    params(("idOrShortName" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "The customer.", body = Envelope<CustomerView>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let viewed = viewed(&idp, &caller).await?;
    let domain = OfDomain::find(&idp, &caller, &uri).await?;
    let found = read!(idp.database.connections(), |c| customers::find(c, &viewed, (domain, &reference)))?;
    Ok(Reply::ok(found.ok_or(ArgusError::NotFound)?))
}

/// Changes the given fields: 200, or 220 when all of them are so already, with the customer.
///
/// # Errors
/// 401; 403 for a caller who may not manage the customer, or to change its short name, who does not hold all that was granted for it; 404; 412; 503.
#[utoipa::path(put, path = "/customeradmin/v2/customer/{idOrShortName}", request_body = CustomerChange,
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
    let id = administrator.changeable(domain, &reference).await?.customer;
    let mut fields = body.fields();
    let (short_name, name) = (fields.parsed("shortName"), fields.parsed("name"));
    constants_of_change(&mut fields);
    fields.finish()?;
    let mut changed = false;
    if let Some(short_name) = short_name {
        administrator.require_rename(id).await?;
        let command = places::change_short_name(&mut administrator.desk, (domain, id), short_name).await?;
        changed |= administrator.tell(id, command).await?;
    }
    if let Some(name) = name {
        changed |= administrator.tell(id, CustomerCommand::Rename { name }).await?;
    }
    let view = administrator.close(domain, id).await?;
    Ok(if changed { Reply::ok(view) } else { Reply::unchanged(view) })
}
