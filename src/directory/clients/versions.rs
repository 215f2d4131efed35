//! The versions of a client as the API shows them: who, when, why, and what it was then.

use super::{ClientObject, History, Step, history::versions, shown};
use crate::{database::Connection, event_store::StorageError};
use aggregates::{client::ClientEvent, values::Timestamp};
use projections::{
    clients,
    infos::{self, SubjectInfo},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What one command has made of a client.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionObject {
    /// How many events the client had since: the version that grants and the audit trail name.
    pub version: i64,
    /// The place of the last of its events in the log.
    pub position: i64,
    /// When, in milliseconds.
    #[schema(value_type = i64)]
    pub timestamp: Timestamp,
    /// Who: `user:<uuid>`, or a part of the program such as `system:cli`.
    pub actor: String,
    /// That user, unless it was a part of the program.
    pub user: Option<SubjectInfo>,
    /// Why, if a reason was given.
    pub reason: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
    /// What happened: stored event types, such as `client.renamed`.
    pub events: Vec<String>,
    /// Which version it has brought back, if it has.
    pub restored_version: Option<i64>,
}

/// A client as it once was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PastObject {
    /// Since when.
    #[serde(flatten)]
    pub version: VersionObject,
    /// All of it, with the names that what it refers to has today.
    pub client: ClientObject,
}

impl VersionObject {
    /// The version that a group of steps made; `None` without any.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn of(c: &mut Connection, steps: &[Step]) -> Result<Option<Self>, StorageError> {
        let Some(Step { recorded, .. }) = steps.last() else { return Ok(None) };
        let restored = steps.iter().find_map(|step| match step.event {
            ClientEvent::Restored { to_version } => Some(to_version),
            _ => None,
        });
        Ok(Some(Self {
            version: recorded.sequence,
            position: recorded.position,
            timestamp: recorded.at(),
            actor: recorded.actor().to_owned(),
            user: infos::find_actor(c, recorded.actor()).await?,
            reason: recorded.metadata.get("reason").cloned(),
            request_id: recorded.metadata.get("request_id").cloned(),
            events: steps.iter().map(|step| step.recorded.event_type.clone()).collect(),
            restored_version: restored,
        }))
    }
}

impl PastObject {
    /// The client after these steps of its history, which are not none.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn of(c: &mut Connection, history: &History, steps: &[Step]) -> Result<Option<Self>, StorageError> {
        let last = versions(steps).next_back().unwrap_or_default();
        match (VersionObject::of(c, last).await?, history.past(steps)) {
            (Some(version), Some(past)) => {
                let view = clients::view_past(c, &past).await?;
                Ok(Some(Self { version, client: shown(&view, true) }))
            }
            _ => Ok(None),
        }
    }
}
