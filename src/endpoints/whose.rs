//! The user in the path, and what the caller may do about that user.

use crate::{
    directory::Desk,
    http::{ArgusError, Caller, Credential, Idp, domain_or_own},
    read,
};
use aggregates::{ids::UserId, values::IpRanges};
use projections::{
    api_keys, lookup, rights,
    users::{self, UserRow},
};

/// To learn anything about a user.
const VIEW: &str = "viewUsers";
/// To change anything.
const MANAGE: &str = "manageUsers";
/// To see what a user is signed in with, and to end it.
pub(in crate::endpoints) const END: &str = "manageSessions";

/// The user, by number, UUID or user name, if the caller may view users of that customer. Who is not there and who is not for the
/// caller's eyes are the same 404.
///
/// # Errors
/// 403 for a caller who may not view users of anybody; 404; 503.
pub(in crate::endpoints) async fn viewed(
    idp: &Idp,
    caller: &Caller,
    (reference, domain): (&str, Option<&str>),
) -> Result<UserRow, ArgusError> {
    let connections = idp.database.connections();
    if read!(connections, |c| rights::customers_where(c, &caller.rights, VIEW))?.is_empty() {
        return Err(ArgusError::Denied);
    }
    let domain = domain_or_own(idp, caller, domain).await?;
    let user = read!(connections, |c| lookup::user(c, domain, reference))?.ok_or(ArgusError::NotFound)?;
    let seen = read!(connections, |c| rights::holds(c, &caller.rights, VIEW, Some(user.customer), user.domain))?;
    if seen { Ok(user) } else { Err(ArgusError::NotFound) }
}

/// The same, if the caller may manage that user as well.
///
/// # Errors
/// Those of [`viewed`]; 403 for a caller who may view the user only.
pub(in crate::endpoints) async fn managed(
    idp: &Idp,
    caller: &Caller,
    named: (&str, Option<&str>),
) -> Result<UserRow, ArgusError> {
    let user = viewed(idp, caller, named).await?;
    let connections = idp.database.connections();
    let held = read!(connections, |c| rights::holds(c, &caller.rights, MANAGE, Some(user.customer), user.domain))?;
    if held { Ok(user) } else { Err(ArgusError::Denied) }
}

/// 404 unless the caller may end sessions of this user, and what hangs on them.
///
/// # Errors
/// 404; 503.
pub(in crate::endpoints) async fn require_ending(idp: &Idp, caller: &Caller, user: UserId) -> Result<(), ArgusError> {
    let held = read!(idp.database.connections(), |c| rights::holds_over(c, &caller.rights, END, user))?;
    if held { Ok(()) } else { Err(ArgusError::NotFound) }
}

/// A desk at which the caller may still manage the user, wherever the user belongs by then, and holds all that the user may do: nobody
/// handles who may do more.
///
/// # Errors
/// 403; 404; 503.
pub(in crate::endpoints) async fn desk(idp: &Idp, caller: &Caller, user: &UserRow) -> Result<Desk, ArgusError> {
    let mut desk = Desk::open(&idp.store, idp.tools(), caller.context.clone()).await?;
    let c = desk.lane().connection();
    let found = users::find_by_id(c, user.id).await?;
    let user = found.filter(|user| user.status != "deleted").ok_or(ArgusError::NotFound)?;
    let held = rights::holds(c, &caller.rights, MANAGE, Some(user.customer), user.domain).await?;
    let covered = held && rights::covers_subject(c, &caller.rights, user.id).await?;
    if covered { Ok(desk) } else { Err(ArgusError::Denied) }
}

/// The same, for giving something that acts as the user: the caller is here in person.
///
/// # Errors
/// 403; 503.
pub(in crate::endpoints) async fn giving_desk(idp: &Idp, caller: &Caller, user: &UserRow) -> Result<Desk, ArgusError> {
    caller.in_person()?;
    desk(idp, caller, user).await
}

/// 403 when a key asks for one that could be used from where it could not be used itself, whoever the new one is for.
///
/// # Errors
/// 403; 503.
pub(in crate::endpoints) async fn require_own_sources(
    desk: &mut Desk,
    caller: &Caller,
    wanted: &IpRanges,
) -> Result<(), ArgusError> {
    let Credential::ApiKey(prefix) = &caller.credential else { return Ok(()) };
    let own = api_keys::find_by_prefix(desk.lane().connection(), prefix).await?;
    if own.is_some_and(|own| own.sources.cover(wanted)) { Ok(()) } else { Err(ArgusError::Denied) }
}
