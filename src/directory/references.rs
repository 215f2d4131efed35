//! References in input, for those who change the directory: what is not found is an error that names it.

use super::{Desk, DirectoryError, desk::looked_up};
use aggregates::ids::DomainId;
use projections::{
    customers::CustomerRow, domains::DomainRow, functions::FunctionRow, groups::GroupRow, lookup, users::UserRow,
};

fn not_found(kind: &'static str, reference: &str) -> impl FnOnce() -> DirectoryError {
    move || DirectoryError::NotFound { kind, reference: reference.to_owned() }
}

/// The domain that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn domain(desk: &mut Desk, reference: &str) -> Result<DomainRow, DirectoryError> {
    looked_up(lookup::domain(desk.lane().connection(), reference).await)?.ok_or_else(not_found("domain", reference))
}

/// The function that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn function(desk: &mut Desk, reference: &str) -> Result<FunctionRow, DirectoryError> {
    looked_up(lookup::function(desk.lane().connection(), reference).await)?.ok_or_else(not_found("function", reference))
}

/// The customer of a domain that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn customer(desk: &mut Desk, domain: DomainId, reference: &str) -> Result<CustomerRow, DirectoryError> {
    looked_up(lookup::customer(desk.lane().connection(), domain, reference).await)?
        .ok_or_else(not_found("customer", reference))
}

/// The group of a domain that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn group(desk: &mut Desk, domain: DomainId, reference: &str) -> Result<GroupRow, DirectoryError> {
    looked_up(lookup::group(desk.lane().connection(), domain, reference).await)?
        .ok_or_else(not_found("group", reference))
}

/// The user of a domain that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn user(desk: &mut Desk, domain: DomainId, reference: &str) -> Result<UserRow, DirectoryError> {
    looked_up(lookup::user(desk.lane().connection(), domain, reference).await)?.ok_or_else(not_found("user", reference))
}

/// The group of a domain that `reference`, a number or an id, means, also when deleted.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn group_ever(desk: &mut Desk, domain: DomainId, reference: &str) -> Result<GroupRow, DirectoryError> {
    looked_up(lookup::group_ever(desk.lane().connection(), domain, reference).await)?
        .ok_or_else(not_found("group", reference))
}

/// The user of a domain that `reference`, a number or an id, means, also when deleted.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn user_ever(desk: &mut Desk, domain: DomainId, reference: &str) -> Result<UserRow, DirectoryError> {
    looked_up(lookup::user_ever(desk.lane().connection(), domain, reference).await)?
        .ok_or_else(not_found("user", reference))
}
