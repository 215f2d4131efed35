//! What an event of a definition is about, beside the definition itself.

use crate::{ProjectionError, Recorded};
use aggregates::{group::GroupEvent, ids::CustomerId, user::UserEvent, values::ApiKeyPrefix};

/// The customer into which the event put a user or a group.
pub(super) fn placed(recorded: &Recorded) -> Result<Option<CustomerId>, ProjectionError> {
    Ok(match recorded.event_type.as_str() {
        "user.created" | "user.moved" => match recorded.decode()? {
            UserEvent::Created { customer, .. } | UserEvent::Moved { customer } => Some(customer),
            _ => None,
        },
        "group.created" | "group.moved" => match recorded.decode()? {
            GroupEvent::Created { customer, .. } | GroupEvent::Moved { customer } => Some(customer),
            _ => None,
        },
        _ => None,
    })
}

/// The API key that the event is about.
pub(super) fn key(recorded: &Recorded) -> Result<Option<ApiKeyPrefix>, ProjectionError> {
    if !recorded.event_type.starts_with("user.api_key_") {
        return Ok(None);
    }
    Ok(match recorded.decode()? {
        UserEvent::ApiKeyIssued { prefix, .. }
        | UserEvent::ApiKeyRenewed { prefix, .. }
        | UserEvent::ApiKeyRevoked { prefix } => Some(prefix),
        _ => None,
    })
}
