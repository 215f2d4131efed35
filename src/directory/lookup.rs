//! What a reference means: an integer id, a UUID, or a short name. A name can be neither number nor UUID, so no reference is
//! ambiguous. Whatever belongs to another domain than the one meant is not found.

use crate::{database::QueryError, event_store::DefinitionLane};
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
fn number(reference: &str) -> Option<i64> {
    reference.parse().ok().filter(|number: &i64| number.to_string() == reference && *number > 0)
}

/// The domain.
pub(super) async fn domain(lane: &mut DefinitionLane, reference: &str) -> Result<Option<DomainRow>, QueryError> {
    let c = lane.connection();
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
pub(super) async fn function(lane: &mut DefinitionLane, reference: &str) -> Result<Option<FunctionRow>, QueryError> {
    let c = lane.connection();
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
pub(super) async fn customer(
    lane: &mut DefinitionLane,
    domain: DomainId,
    reference: &str,
) -> Result<Option<CustomerRow>, QueryError> {
    let c = lane.connection();
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

/// The group of the domain.
pub(super) async fn group(
    lane: &mut DefinitionLane,
    domain: DomainId,
    reference: &str,
) -> Result<Option<GroupRow>, QueryError> {
    let c = lane.connection();
    let found = if let Some(number) = number(reference) {
        groups::find_by_number(c, number).await?
    } else if let Ok(id) = reference.parse::<GroupId>() {
        groups::find_by_id(c, id).await?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        groups::find_by_short_name(c, domain, &name).await?
    } else {
        None
    };
    Ok(found.filter(|row| row.domain == domain))
}

/// The user of the domain.
pub(super) async fn user(
    lane: &mut DefinitionLane,
    domain: DomainId,
    reference: &str,
) -> Result<Option<UserRow>, QueryError> {
    let c = lane.connection();
    let found = if let Some(number) = number(reference) {
        users::find_by_number(c, number).await?
    } else if let Ok(id) = reference.parse::<UserId>() {
        users::find_by_id(c, id).await?
    } else if let Ok(name) = reference.parse::<UserName>() {
        users::find_by_user_name(c, domain, &name).await?
    } else {
        None
    };
    Ok(found.filter(|row| row.domain == domain && row.status != "deleted"))
}
