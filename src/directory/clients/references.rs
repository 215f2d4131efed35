//! References to directory objects: a number, a short name or a UUID.

use super::ClientInput;
use crate::directory::references::number;
use crate::{
    database::QueryError,
    event_store::DefinitionLane,
    http::{ArgusError, FieldError},
};
use aggregates::{
    ids::{CustomerId, DomainId, FunctionId},
    values::ShortName,
};
use projections::{customers, domains, functions};

/// The functions that a definition names; `None` where none was given.
pub(super) struct References {
    pub(super) required_function: Option<FunctionId>,
    pub(super) permission_scope: Option<FunctionId>,
}

impl References {
    /// Looks them up.
    ///
    /// # Errors
    /// 412 for each that names nothing; 503.
    pub(super) async fn find(lane: &mut DefinitionLane, input: &ClientInput) -> Result<Self, ArgusError> {
        let mut bad = Vec::new();
        let mut found = [None; 2];
        let wanted = [("requiredFunction", &input.required_function), ("permissionScope", &input.permission_scope)];
        for (slot, (field, reference)) in found.iter_mut().zip(wanted) {
            let Some(reference) = reference else { continue };
            *slot = find_function(lane, reference).await?;
            if slot.is_none() {
                bad.push(FieldError { field: field.to_owned(), message: "names no function".to_owned() });
            }
        }
        let [required_function, permission_scope] = found;
        if bad.is_empty() { Ok(Self { required_function, permission_scope }) } else { Err(ArgusError::Invalid(bad)) }
    }
}

/// By UUID, number or short name: no text is two of them.
pub(super) async fn find_function(
    lane: &mut DefinitionLane,
    reference: &str,
) -> Result<Option<FunctionId>, QueryError> {
    let c = lane.connection();
    let found = if let Ok(id) = reference.parse() {
        functions::find_by_id(c, id).await?
    } else if let Some(number) = number(reference) {
        functions::find_by_number(c, number).await?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        functions::find_by_short_name(c, &name).await?
    } else {
        None
    };
    Ok(found.map(|function| function.id))
}

/// By UUID, number or short name.
pub(super) async fn find_domain(lane: &mut DefinitionLane, reference: &str) -> Result<Option<DomainId>, QueryError> {
    let c = lane.connection();
    let found = if let Ok(id) = reference.parse() {
        domains::find_by_id(c, id).await?
    } else if let Some(number) = number(reference) {
        domains::find_by_number(c, number).await?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        domains::find_by_short_name(c, &name).await?
    } else {
        None
    };
    Ok(found.map(|domain| domain.id))
}

/// By UUID, number or short name, in this domain.
pub(super) async fn find_customer(
    lane: &mut DefinitionLane,
    domain: DomainId,
    reference: &str,
) -> Result<Option<CustomerId>, QueryError> {
    let c = lane.connection();
    let found = if let Ok(id) = reference.parse() {
        customers::find_by_id(c, id).await?
    } else if let Some(number) = number(reference) {
        customers::find_by_number(c, number).await?
    } else if let Ok(name) = reference.parse::<ShortName>() {
        customers::find_by_short_name(c, domain, &name).await?
    } else {
        None
    };
    Ok(found.filter(|customer| customer.domain == domain).map(|customer| customer.id))
}
