//! Going back to what a client was: `docs/decisions/0024-what-is-restored.md`.

use super::{By, History, facts};
use crate::{
    event_store::{DefinitionLane, Moment},
    http::ArgusError,
};
use aggregates::{
    client::{ClientCommand, Definition},
    values::ClaimSource,
};
use projections::{clients::ClientRow, functions};

/// The command that makes a client be what it was at a moment.
///
/// # Errors
/// 412 for a moment without the client, and when it referred to what is no more; 503.
pub async fn restoring(
    lane: &mut DefinitionLane,
    present: &ClientRow,
    moment: Moment,
    by: By<'_>,
) -> Result<ClientCommand, ArgusError> {
    let c = lane.connection();
    let history = History::read(c, present.id).await?.ok_or(ArgusError::NotFound)?;
    let step = history.until(c, moment).await?.and_then(<[_]>::last);
    let step = step.ok_or_else(|| ArgusError::field("to", "the client was not there then"))?;
    let then = step.definition().ok_or(ArgusError::NotFound)?.kept_by(&present.definition);
    require_functions(lane, &then).await?;
    let facts = facts(lane, present.id, (Some(&present.definition), &then), by).await?;
    Ok(ClientCommand::Restore { to_version: step.recorded.sequence, definition: Box::new(then), facts })
}

/// What a definition of before refers to may have been deleted since.
///
/// # Errors
/// 412 that names the field; 503.
pub async fn require_functions(lane: &mut DefinitionLane, definition: &Definition) -> Result<(), ArgusError> {
    let claimed = definition.custom_claims.iter().filter_map(|custom| match custom.from {
        ClaimSource::Function(function) => Some(("openIDCustomClaims", function)),
        ClaimSource::Value(_) | ClaimSource::Attribute(_) => None,
    });
    let named = [("requiredFunction", definition.required_function), ("permissionScope", definition.permission_scope)];
    for (field, function) in named.into_iter().chain(claimed) {
        if functions::find_by_id(lane.connection(), function).await?.is_none() {
            return Err(ArgusError::field(field, "names a function that was deleted since"));
        }
    }
    Ok(())
}
