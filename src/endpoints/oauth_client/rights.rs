//! What the calls need, checked for the client's customer.

use super::search_input::shows_details;
use crate::{
    directory::clients::By,
    http::{ArgusError, Caller, Idp},
    read,
};
use aggregates::{client::Definition, ids::ClientId};
use projections::{
    clients::{self, ClientRow},
    rights,
};

/// Every call.
pub(super) const VIEW: &str = "viewOAuthClients";
/// The detail fields.
pub(super) const VIEW_DETAILS: &str = "viewOAuthClientsDetails";
/// To be told of a user.
pub(super) const VIEW_USERS: &str = "viewUsers";
/// POST.
pub(super) const CREATE: &str = "createOAuthClients";
/// PUT.
pub(super) const UPDATE: &str = "updateOAuthClients";
/// DELETE.
pub(super) const DELETE: &str = "deleteOAuthClients";

/// The caller, as the one who defines or changes a client.
pub(super) const fn by(caller: &Caller) -> By<'_> {
    By::User { rights: &caller.rights, level: caller.level }
}

/// 403 for a caller who may not view clients of anybody.
pub(super) async fn require_view(idp: &Idp, caller: &Caller) -> Result<(), ArgusError> {
    require(idp, caller, VIEW).await
}

/// 403 for a caller who holds the function for nobody: before anything costs us time.
pub(super) async fn require(idp: &Idp, caller: &Caller, function: &str) -> Result<(), ArgusError> {
    let customers = read!(idp.database.connections(), |c| rights::customers_where(c, &caller.rights, function))?;
    if customers.is_empty() { Err(ArgusError::Denied) } else { Ok(()) }
}

/// The client of that UUID or short name (in the caller's domain), if the caller may view clients of its customer: of any
/// customer of its domain, when it has none. What is not there and what is not for the caller's eyes are the same 404.
pub(super) async fn find_viewed(idp: &Idp, caller: &Caller, reference: &str) -> Result<ClientRow, ArgusError> {
    require_view(idp, caller).await?;
    let connections = idp.database.connections();
    let found = if let Ok(id) = reference.parse::<ClientId>() {
        read!(connections, |c| clients::find_by_id(c, id))?
    } else if let Ok(name) = reference.parse() {
        read!(connections, |c| clients::find_by_short_name(c, caller.domain, &name))?
    } else {
        None
    };
    let client = found.ok_or(ArgusError::NotFound)?;
    let Definition { customer, domain, .. } = client.definition;
    let viewed = read!(connections, |c| rights::holds(c, &caller.rights, VIEW, customer, domain))?;
    if viewed { Ok(client) } else { Err(ArgusError::NotFound) }
}

/// The same for a caller who sees the detail fields too; 403 for another.
pub(super) async fn find_detailed(idp: &Idp, caller: &Caller, reference: &str) -> Result<ClientRow, ArgusError> {
    let client = find_viewed(idp, caller, reference).await?;
    if shows_details(idp, caller, &client).await? { Ok(client) } else { Err(ArgusError::Denied) }
}
