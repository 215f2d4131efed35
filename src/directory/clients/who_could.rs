//! Who could use a client at an earlier moment: the directory as of then is filled into tables beside the live ones, and the question of
//! today is asked there (`docs/decisions/0025-who-could.md`).

use super::History;
use crate::{
    database::Database,
    event_store::{
        Moment,
        replay::{Until, fill_side},
    },
    http::ArgusError,
};
use aggregates::ids::{ClientId, CustomerId};
use projections::{
    READ_MODELS, Unseal,
    clients::{self, Holder},
};

/// The read models that rights are computed from.
const DIRECTORY: &[&str] = &["domains", "customers", "functions", "groups", "users", "permissions", "clients"];

/// The users who could, of the customers `seen` if given; by the names of then. This replays the whole past of the directory.
///
/// # Errors
/// 404 when the client was not there; 503.
pub async fn who_could(
    (database, unseal): (&Database, &dyn Unseal),
    client: ClientId,
    moment: Moment,
    seen: Option<&[CustomerId]>,
) -> Result<Vec<Holder>, ArgusError> {
    let mut lease = database.connections().lease().await?;
    let history = History::read(&mut lease, client).await?.ok_or(ArgusError::NotFound)?;
    let last = history.until(&mut lease, moment).await?.and_then(<[_]>::last).ok_or(ArgusError::NotFound)?;
    lease.done();
    let until = match moment {
        Moment::Version(_) => Until::Position(last.recorded.position),
        Moment::Position(position) => Until::Position(position),
        Moment::Time(time) => Until::Time(time),
    };
    let models: Vec<_> = READ_MODELS.iter().filter(|model| DIRECTORY.contains(&model.name)).copied().collect();
    let owner = database.owner_options();
    let mut side = fill_side(&owner, &models, until, unseal).await?;
    let found = clients::who_can(side.connection(), client, seen).await;
    side.close().await;
    Ok(found?)
}
