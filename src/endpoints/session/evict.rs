//! `DELETE /authentication/v1/session/{sessionIdentifier}`: end one session, of one's own or, with `manageSessions`, of somebody
//! else.

use crate::{
    endpoints::whose::require_ending,
    event_store::ExecuteError,
    http::{ArgusError, Changing, Envelope, Idp, Reference, Reply},
};
use aggregates::{
    ids::SessionId,
    session::{EndReason, Session, SessionCommand},
};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The session that was ended.
#[derive(Serialize, ToSchema)]
pub struct EndedSession {
    /// Its id.
    #[schema(value_type = String)]
    id: SessionId,
}

/// Ends it, with every token that was authorized in it and every session narrowed from it.
///
/// # Errors
/// 401; 403 for what was delegated or narrowed; 404 for what is not there, is over, or is not the caller's to end.
#[utoipa::path(delete, path = "/authentication/v1/session/{sessionIdentifier}",
    params(("sessionIdentifier" = String, Path, description = "The session's id.")),
    responses((status = 200, description = "Ended.", body = Envelope<EndedSession>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(identifier): Reference,
) -> Result<Reply, ArgusError> {
    let id: SessionId = identifier.parse().map_err(|_| ArgusError::NotFound)?;
    let loaded = idp.store.load::<Session>(id.uuid()).await?;
    let owner = loaded.aggregate.user;
    let reason = if owner == caller.user {
        caller.in_person()?;
        EndReason::EndedByUser
    } else {
        require_ending(&idp, &caller, owner).await?;
        EndReason::EndedByAdministrator
    };
    let command = SessionCommand::End { reason, now: idp.now() };
    let done =
        idp.store.execute::<Session>(id.uuid(), command, &caller.context).await.map_err(|error| match error {
            ExecuteError::Refused(_) => ArgusError::NotFound,
            other => other.into(),
        })?;
    if done.events.is_empty() { Err(ArgusError::NotFound) } else { Ok(Reply::ok(EndedSession { id })) }
}
