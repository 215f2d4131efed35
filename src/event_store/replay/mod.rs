//! Replaying the log: read models made anew from it, up to now or up to any earlier point, while servers run.
//!
//! Tables are filled in a schema of their own, by the same code that fills the live ones, batch by batch; how far they are is
//! committed with each batch, so whatever is interrupted goes on from there. Then they stay for inspection
//! ([`Replay::into_schema`]), take the place of the live ones ([`Replay::in_place`]), or answer one question and are gone
//! ([`fill_side`]). Nothing else happens: read models are tables, and no event is appended and nobody outside is told.

mod dropped;
mod fill;
mod plan;
mod progress;
mod schema;
mod side;
mod swap;
mod until;

pub use plan::{Plan, Started, plan};
pub use progress::{Progress, Step};
pub use schema::SchemaName;
pub use side::{Side, fill_side};
pub use until::Until;

use super::{StorageError, error::Fault};
use projections::{READ_MODELS, ReadModel, Unseal};
use sqlx::{ConnectOptions, Executor, PgConnection, postgres::PgConnectOptions};

/// Every replay holds this as long as it reads the log, together with others.
const READING: &str = "SELECT pg_advisory_lock_shared(7206004)";
/// Whether nobody holds it; until the transaction ends nobody will.
pub(super) const ALONE: &str = "SELECT pg_try_advisory_xact_lock(7206004)";

/// What every replay needs.
#[derive(Clone, Copy)]
pub struct Replay<'a> {
    /// How the owner of the tables connects.
    pub owner: &'a PgConnectOptions,
    /// Opens sealed data.
    pub unseal: &'a dyn Unseal,
    /// Begins anew what was interrupted, instead of going on with it.
    pub restart: bool,
}

impl Replay<'_> {
    /// Fills new tables of a read model up to now and swaps them in. Works beside running servers.
    ///
    /// # Errors
    /// [`StorageError::Invalid`] when another replay of it is running, or an interrupted one was of another version; what
    /// Postgres or the read model itself refuses. The live tables are then as they were.
    pub async fn in_place(self, model: &ReadModel, progress: Progress<'_>) -> Result<(), StorageError> {
        let mut side = Side::open(self, &SchemaName::in_place(model), &[*model], Until::Now).await?;
        let reached = side.approach(model, progress).await?;
        side.swap(model, reached, progress).await?;
        side.close().await;
        Ok(())
    }

    /// Fills tables of read models in a schema of this name, and leaves them there. A read model that joins the tables of
    /// another finds those of the schema, or else the live ones. Answers with the position up to which they are filled.
    ///
    /// # Errors
    /// [`StorageError::Invalid`] when the schema is somebody else's, or holds another replay than this one; for a point that is
    /// not in the past; what Postgres or a read model itself refuses.
    pub async fn into_schema(
        self,
        schema: &SchemaName,
        models: &[ReadModel],
        until: Until,
        progress: Progress<'_>,
    ) -> Result<i64, StorageError> {
        let mut side = Side::open(self, schema, models, until).await?;
        for model in models {
            side.fill_to(model, side.until, progress).await?;
            side.analyze(model).await?;
        }
        let until = side.until;
        side.close().await;
        Ok(until)
    }
}

/// Removes a schema that a replay has made.
///
/// # Errors
/// [`StorageError::Invalid`] when no replay has made it, or one is filling it.
pub async fn drop_schema(owner: &PgConnectOptions, schema: &SchemaName) -> Result<(), StorageError> {
    let mut connection = owner.connect().await?;
    if side::standing(&mut connection, schema).await? != side::Standing::Ours {
        return Err(StorageError::Invalid(format!("{schema} is not a schema of a replay")));
    }
    side::claim(&mut connection, schema).await?;
    connection.execute(format!("DROP SCHEMA {schema} CASCADE").as_str()).await.map_err(Fault::from)?;
    Ok(())
}

/// A schema in which the successor of a live table is being filled, or was when that was interrupted.
pub(super) async fn in_progress(connection: &mut PgConnection) -> Result<Option<String>, StorageError> {
    for model in READ_MODELS {
        let schema = SchemaName::in_place(model);
        if side::standing(connection, &schema).await? == side::Standing::Ours {
            return Ok(Some(schema.to_string()));
        }
    }
    Ok(None)
}

/// The read model of this name.
///
/// # Errors
/// [`StorageError::Invalid`] when there is none, or it is never made anew.
pub fn known(name: &str) -> Result<&'static ReadModel, StorageError> {
    let model = READ_MODELS.iter().find(|model| model.name == name);
    let model = model.ok_or_else(|| StorageError::Invalid(format!("there is no read model {name}")))?;
    may_replay(model).map(|()| model)
}

fn may_replay(model: &ReadModel) -> Result<(), StorageError> {
    let refused = |reason| StorageError::Invalid(format!("{} is never made anew: {reason}", model.name));
    model.kept.map_or(Ok(()), |reason| Err(refused(reason)))
}
