//! The functions that a definition refers to.

use super::ClientInput;
use crate::{
    event_store::DefinitionLane,
    http::{ArgusError, FieldError},
};
use aggregates::ids::FunctionId;
use projections::lookup;

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
            *slot = lookup::function(lane.connection(), reference).await?.map(|function| function.id);
            if slot.is_none() {
                bad.push(FieldError { field: field.to_owned(), message: "names no function".to_owned() });
            }
        }
        let [required_function, permission_scope] = found;
        if bad.is_empty() { Ok(Self { required_function, permission_scope }) } else { Err(ArgusError::Invalid(bad)) }
    }
}
