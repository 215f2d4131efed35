//! `GET /authentication/v1/session/permission/{function}` and `…/{function}/{customer}`: may this session do that?

use crate::{
    http::{
        ArgusError, Asking, Caller, Done, Envelope, Idp, OfDomain, Pair, Reference, Reply, domain_or_own,
        unknown_domain,
    },
    read,
};
use aggregates::ids::{CustomerId, DomainId, FunctionId};
use axum::{extract::State, http::Uri};
use projections::{lookup, rights};

/// 200 when the caller holds the function for some customer of the own domain.
///
/// # Errors
/// 401; 403 when not; 404 when there is no such function.
#[utoipa::path(get, path = "/authentication/v1/session/permission/{function}",
    params(("function" = String, Path, description = "Id or name.")),
    responses((status = 200, description = "It may.", body = Envelope<Done>), ArgusError))]
pub async fn any(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(function): Reference,
) -> Result<Reply, ArgusError> {
    let function = find_function(&idp, &function).await?;
    require(&idp, &caller, function, (None, caller.domain)).await
}

/// 200 when the caller holds the function for that customer. `domain` says whose short names are meant; the caller's own by
/// default.
///
/// # Errors
/// 401; 403 when not, be it that there is no such customer; 404 when there is no such function; 412.
#[utoipa::path(get, path = "/authentication/v1/session/permission/{function}/{customer}",
    params(OfDomain, ("function" = String, Path, description = "Id or name."),
        ("customer" = String, Path, description = "Id or short name.")),
    responses((status = 200, description = "It may.", body = Envelope<Done>), ArgusError))]
pub async fn one(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Pair(function, customer): Pair,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let OfDomain { domain } = OfDomain::read(&uri)?;
    let function = find_function(&idp, &function).await?;
    let domain = domain_or_own(&idp, &caller, domain.as_deref()).await.map_err(unknown_domain)?;
    let connections = idp.database.connections();
    let customer = read!(connections, |c| lookup::customer(c, domain, &customer))?.ok_or(ArgusError::NotHeld)?.id;
    require(&idp, &caller, function, (Some(customer), domain)).await
}

async fn find_function(idp: &Idp, reference: &str) -> Result<FunctionId, ArgusError> {
    let found = read!(idp.database.connections(), |c| lookup::function(c, reference))?;
    Ok(found.ok_or(ArgusError::NotFound)?.id)
}

async fn require(
    idp: &Idp,
    caller: &Caller,
    function: FunctionId,
    (customer, domain): (Option<CustomerId>, DomainId),
) -> Result<Reply, ArgusError> {
    let rights = &caller.rights;
    let held = read!(idp.database.connections(), |c| rights::holds_function(c, rights, function, customer, domain))?;
    if held { Ok(Reply::ok(Done {})) } else { Err(ArgusError::NotHeld) }
}
