//! What a reference means: an integer id, a UUID, or a short name. A name can be neither number nor UUID, so no reference is
//! ambiguous. Whatever belongs to another domain than the one meant is not found.

use crate::{
    customers::{self, CustomerRow},
    domains::{self, DomainRow},
    functions::{self, FunctionRow},
    groups::{self, GroupRow},
    users::{self, UserRow},
};
use aggregates::{
    ids::{CustomerId, DomainId, FunctionId, GroupId, UserId},
    values::{Constraints, ShortName, UserName},
};
use sqlx::PgConnection;

/// An integer id in its one spelling: no sign, no leading zero.
fn number(reference: &str) -> Option<i64> {
    reference.parse().ok().filter(|number: &i64| number.to_string() == reference && *number > 0)
}

/// The domain.
///
/// # Errors
/// The database's.
pub async fn domain(c: &mut PgConnection, reference: &str) -> Result<Option<DomainRow>, sqlx::Error> {
    let found = if let Some(number) = number(reference) {
        domains::find_by_number(c, number).await?
    } else if let Ok(id) = reference.parse::<DomainId>() {
        domains::find_by_id(c, id).await?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        domains::find_by_short_name(c, &name).await?
    } else {
        None
    };
    Ok(found)
}

/// The function.
///
/// # Errors
/// The database's.
pub async fn function(c: &mut PgConnection, reference: &str) -> Result<Option<FunctionRow>, sqlx::Error> {
    let found = if let Some(number) = number(reference) {
        functions::find_by_number(c, number).await?
    } else if let Ok(id) = reference.parse::<FunctionId>() {
        functions::find_by_id(c, id).await?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        functions::find_by_short_name(c, &name).await?
    } else {
        None
    };
    Ok(found)
}

/// The customer of the domain.
///
/// # Errors
/// The database's.
pub async fn customer(
    c: &mut PgConnection,
    domain: DomainId,
    reference: &str,
) -> Result<Option<CustomerRow>, sqlx::Error> {
    let found = if let Some(number) = number(reference) {
        customers::find_by_number(c, number).await?
    } else if let Ok(id) = reference.parse::<CustomerId>() {
        customers::find_by_id(c, id).await?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        customers::find_by_short_name(c, domain, &name).await?
    } else {
        None
    };
    Ok(found.filter(|row| row.domain == domain))
}

/// The group of the domain, unless deleted.
///
/// # Errors
/// The database's.
pub async fn group(c: &mut PgConnection, domain: DomainId, reference: &str) -> Result<Option<GroupRow>, sqlx::Error> {
    Ok(group_ever(c, domain, reference).await?.filter(|row| !row.deleted))
}

/// The group of the domain; by number or id also when deleted. A name of before may be another's.
///
/// # Errors
/// The database's.
pub async fn group_ever(
    c: &mut PgConnection,
    domain: DomainId,
    reference: &str,
) -> Result<Option<GroupRow>, sqlx::Error> {
    let found = if let Some(number) = number(reference) {
        groups::find_by_number(c, number).await?
    } else if let Ok(id) = reference.parse::<GroupId>() {
        groups::find_by_id_ever(c, id).await?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        groups::find_by_short_name(c, domain, &name).await?
    } else {
        None
    };
    Ok(found.filter(|row| row.domain == domain))
}

/// The user of the domain, unless deleted.
///
/// # Errors
/// The database's.
pub async fn user(c: &mut PgConnection, domain: DomainId, reference: &str) -> Result<Option<UserRow>, sqlx::Error> {
    Ok(user_ever(c, domain, reference).await?.filter(|row| row.status != "deleted"))
}

/// The user of the domain; by number or id also when deleted. A name of before may be somebody else's.
///
/// # Errors
/// The database's.
pub async fn user_ever(
    c: &mut PgConnection,
    domain: DomainId,
    reference: &str,
) -> Result<Option<UserRow>, sqlx::Error> {
    let found = if let Some(number) = number(reference) {
        users::find_by_number(c, number).await?
    } else if let Ok(id) = reference.parse::<UserId>() {
        users::find_by_id(c, id).await?
    } else if let Ok(name) = reference.parse::<UserName>() {
        users::find_by_user_name(c, domain, &name).await?
    } else {
        None
    };
    Ok(found.filter(|row| row.domain == domain))
}

/// Constraints as they were typed. An absent list does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedConstraints {
    /// References to functions.
    pub functions: Option<Vec<String>>,
    /// References to customers.
    pub customers: Option<Vec<String>>,
    /// Whether nothing may be changed.
    pub read_only: bool,
}

/// The constraints that are meant, or the name of the list that is empty or names something that is not there. To name what one
/// does not hold is no mistake: it gives nothing, as rights stay within the user's own.
///
/// # Errors
/// The database's.
pub async fn constraints(
    c: &mut PgConnection,
    domain: DomainId,
    named: &NamedConstraints,
) -> Result<Result<Constraints, &'static str>, sqlx::Error> {
    let mut found = Constraints { read_only: named.read_only, ..Constraints::default() };
    for reference in named.functions.iter().flatten() {
        let Some(row) = function(c, reference).await? else { return Ok(Err("function")) };
        found.functions.get_or_insert_default().insert(row.id);
    }
    for reference in named.customers.iter().flatten() {
        let Some(row) = customer(c, domain, reference).await? else { return Ok(Err("customer")) };
        found.customers.get_or_insert_default().insert(row.id);
    }
    Ok(match (named.functions.as_deref(), named.customers.as_deref()) {
        (Some([]), _) => Err("function"),
        (_, Some([])) => Err("customer"),
        _ => Ok(found),
    })
}
