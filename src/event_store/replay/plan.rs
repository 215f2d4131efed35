//! What a replay would do, in numbers, before it does anything.

use super::{
    Fault, SchemaName, StorageError, Until,
    side::{Standing, standing},
};
use projections::ReadModel;
use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};

const EVENTS: &str = "
SELECT event_type, count(*) FROM public.events WHERE position <= $1 AND aggregate_type = ANY ($2)
GROUP BY event_type ORDER BY event_type";

/// Of one read model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Which.
    pub model: &'static str,
    /// Up to and including this position.
    pub until: i64,
    /// How many events of each type are to be put in.
    pub events: Vec<(String, i64)>,
    /// How many rows each live table has now.
    pub rows: Vec<(&'static str, i64)>,
    /// What there is already where the tables are filled.
    pub started: Started,
}

/// What an earlier replay has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// Nothing.
    Not,
    /// This model, with so many events up to this position.
    Reached {
        /// Events.
        done: i64,
        /// Position.
        position: i64,
    },
    /// Something else: the replay would be refused.
    Otherwise,
}

/// Counts, as the tables' owner.
///
/// # Errors
/// As for [`Until::resolve`].
pub async fn plan(
    owner: &PgConnectOptions,
    model: &ReadModel,
    schema: &SchemaName,
    until: Until,
) -> Result<Plan, StorageError> {
    let mut connection = owner.connect().await?;
    let position = until.resolve(&mut connection).await?;
    Ok(count(&mut connection, model, schema, position).await?)
}

async fn count(c: &mut PgConnection, model: &ReadModel, schema: &SchemaName, until: i64) -> Result<Plan, Fault> {
    let events = sqlx::query_as(EVENTS).bind(until).bind(model.feeds).fetch_all(&mut *c).await?;
    let mut rows = Vec::new();
    for table in model.tables {
        let count = format!("SELECT count(*) FROM public.{table}");
        rows.push((*table, sqlx::query_scalar(&count).fetch_one(&mut *c).await?));
    }
    let started = started(c, model, schema).await?;
    Ok(Plan { model: model.name, until, events, rows, started })
}

async fn started(c: &mut PgConnection, model: &ReadModel, schema: &SchemaName) -> Result<Started, Fault> {
    Ok(match standing(c, schema).await? {
        Standing::Free => Started::Not,
        Standing::Foreign => Started::Otherwise,
        Standing::Ours => {
            let query = format!("SELECT done, position FROM {schema}.replay WHERE model = $1 AND version = $2");
            let found: Option<(i64, i64)> =
                sqlx::query_as(&query).bind(model.name).bind(model.version).fetch_optional(c).await?;
            found.map_or(Started::Otherwise, |(done, position)| Started::Reached { done, position })
        }
    })
}
