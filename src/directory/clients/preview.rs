//! What a change would do: decided and applied like the change itself, in a transaction that is then given up.

use super::{FieldChange, diff, refused};
use crate::{
    event_store::{Context, DefinitionLane},
    http::ArgusError,
};
use aggregates::{
    client::{Client, ClientCommand},
    ids::{ClientId, CustomerId},
};
use projections::clients::{self, ClientView, Holder};
use serde::Serialize;
use utoipa::ToSchema;

/// What a change would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The version of the client that it was decided on.
    pub version: i64,
    /// What would differ.
    pub changes: Vec<FieldChange>,
    /// Who could use the client then, and cannot now.
    pub gaining: Vec<Holder>,
    /// Who can use the client now, and could not then.
    pub losing: Vec<Holder>,
}

/// A client and those who may use it.
struct Look {
    view: ClientView,
    users: Vec<Holder>,
}

impl Look {
    async fn at(lane: &mut DefinitionLane, id: ClientId, seen: Option<&[CustomerId]>) -> Result<Self, ArgusError> {
        let c = lane.connection();
        let view = clients::view(c, id).await?.ok_or(ArgusError::NotFound)?;
        Ok(Self { view, users: clients::who_can(c, id, seen).await? })
    }

    /// Its users who are not those of the other.
    fn beyond(&self, other: &Self) -> Vec<Holder> {
        let missing = |one: &&Holder| other.users.iter().all(|known| known.user.id != one.user.id);
        self.users.iter().filter(missing).cloned().collect()
    }
}

/// Carries the commands out and tells what they did; of users only those of the customers `seen`, if given. Nothing has happened, as
/// the lane ends here.
///
/// # Errors
/// Those of the commands.
pub async fn preview(
    mut lane: DefinitionLane,
    (id, commands): (ClientId, Vec<ClientCommand>),
    context: &Context,
    seen: Option<&[CustomerId]>,
) -> Result<Preview, ArgusError> {
    let before = Look::at(&mut lane, id, seen).await?;
    let context = context.explained("preview");
    for command in commands {
        lane.execute::<Client>(id.uuid(), command, &context).await.map_err(refused)?;
    }
    let after = Look::at(&mut lane, id, seen).await?;
    Ok(Preview {
        version: before.view.client.sequence,
        changes: diff(&before.view, &after.view),
        gaining: after.beyond(&before),
        losing: before.beyond(&after),
    })
}
