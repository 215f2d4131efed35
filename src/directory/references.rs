//! References in input: an integer id, a UUID, or a short name. A name can be neither number nor UUID, so no reference is
//! ambiguous. Whatever belongs to another domain than the one meant is not found.

use super::{Desk, DirectoryError, desk::looked_up};
use aggregates::{
    ids::{CustomerId, DomainId, FunctionId, GroupId, UserId},
    values::{ShortName, UserName},
};
use projections::{
    customers::{self, CustomerRow},
    domains::{self, DomainRow},
    functions::{self, FunctionRow},
    groups::{self, GroupRow},
    users::{self, UserRow},
};

/// An integer id in its one spelling: no sign, no leading zero.
pub(super) fn number(reference: &str) -> Option<i64> {
    reference.parse().ok().filter(|number: &i64| number.to_string() == reference && *number > 0)
}

fn not_found(kind: &'static str, reference: &str) -> impl FnOnce() -> DirectoryError {
    move || DirectoryError::NotFound { kind, reference: reference.to_owned() }
}

/// The domain that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn domain(desk: &mut Desk, reference: &str) -> Result<DomainRow, DirectoryError> {
    let c = desk.lane().connection();
    let found = if let Some(number) = number(reference) {
        looked_up(domains::find_by_number(c, number).await)?
    } else if let Ok(id) = reference.parse::<DomainId>() {
        looked_up(domains::find_by_id(c, id).await)?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        looked_up(domains::find_by_short_name(c, &name).await)?
    } else {
        None
    };
    found.ok_or_else(not_found("domain", reference))
}

/// The function that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn function(desk: &mut Desk, reference: &str) -> Result<FunctionRow, DirectoryError> {
    let c = desk.lane().connection();
    let found = if let Some(number) = number(reference) {
        looked_up(functions::find_by_number(c, number).await)?
    } else if let Ok(id) = reference.parse::<FunctionId>() {
        looked_up(functions::find_by_id(c, id).await)?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        looked_up(functions::find_by_short_name(c, &name).await)?
    } else {
        None
    };
    found.ok_or_else(not_found("function", reference))
}

/// The customer of a domain that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn customer(desk: &mut Desk, domain: DomainId, reference: &str) -> Result<CustomerRow, DirectoryError> {
    let c = desk.lane().connection();
    let found = if let Some(number) = number(reference) {
        looked_up(customers::find_by_number(c, number).await)?
    } else if let Ok(id) = reference.parse::<CustomerId>() {
        looked_up(customers::find_by_id(c, id).await)?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        looked_up(customers::find_by_short_name(c, domain, &name).await)?
    } else {
        None
    };
    let found = found.filter(|row| row.domain == domain);
    found.ok_or_else(not_found("customer", reference))
}

/// The group of a domain that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn group(desk: &mut Desk, domain: DomainId, reference: &str) -> Result<GroupRow, DirectoryError> {
    let c = desk.lane().connection();
    let found = if let Some(number) = number(reference) {
        looked_up(groups::find_by_number(c, number).await)?
    } else if let Ok(id) = reference.parse::<GroupId>() {
        looked_up(groups::find_by_id(c, id).await)?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        looked_up(groups::find_by_short_name(c, domain, &name).await)?
    } else {
        None
    };
    let found = found.filter(|row| row.domain == domain);
    found.ok_or_else(not_found("group", reference))
}

/// The user of a domain that `reference` means.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn user(desk: &mut Desk, domain: DomainId, reference: &str) -> Result<UserRow, DirectoryError> {
    let c = desk.lane().connection();
    let found = if let Some(number) = number(reference) {
        looked_up(users::find_by_number(c, number).await)?
    } else if let Ok(id) = reference.parse::<UserId>() {
        looked_up(users::find_by_id(c, id).await)?
    } else if let Ok(name) = reference.parse::<UserName>() {
        looked_up(users::find_by_user_name(c, domain, &name).await)?
    } else {
        None
    };
    let found = found.filter(|row| row.domain == domain && row.status != "deleted");
    found.ok_or_else(not_found("user", reference))
}
