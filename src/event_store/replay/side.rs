//! The tables beside the live ones, and how far they are.

use super::{Fault, READING, Replay, SchemaName, StorageError, Until, dropped::take_over};
use projections::{ReadModel, Unseal};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, postgres::PgConnectOptions};

/// Whose schema it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is none of that name.
    Free,
    /// A replay's.
    Ours,
    /// Somebody else's: it is left alone.
    Foreign,
}

/// Tables that are being filled, or were: one connection, on which they come before the live ones.
pub struct Side<'a> {
    pub(super) connection: PgConnection,
    pub(super) schema: SchemaName,
    pub(super) unseal: &'a dyn Unseal,
    /// What was asked for; of "now", as it was at the beginning.
    pub(super) until: i64,
}

/// Fills read models, given in the order of [`projections::READ_MODELS`], up to a point, in tables of the connection that is
/// returned: whatever is asked on it sees them, and the live tables for all others. They are gone when it is closed or lost.
///
/// # Errors
/// [`StorageError::Invalid`] for a point that is not in the past; what Postgres or a read model itself refuses.
pub async fn fill_side<'a>(
    owner: &'a PgConnectOptions,
    models: &[ReadModel],
    until: Until,
    unseal: &'a dyn Unseal,
) -> Result<Side<'a>, StorageError> {
    let replay = Replay { owner, unseal, restart: false };
    let mut side = Side::open(replay, &SchemaName::temporary(), models, until).await?;
    for model in models {
        side.fill_to(model, side.until, &mut |_| ()).await?;
        side.analyze(model).await?;
    }
    Ok(side)
}

impl<'a> Side<'a> {
    /// Makes the tables, or finds those of an interrupted replay that wanted the same.
    pub(super) async fn open(
        replay: Replay<'a>,
        schema: &SchemaName,
        models: &[ReadModel],
        until: Until,
    ) -> Result<Self, StorageError> {
        models.iter().try_for_each(super::may_replay)?;
        let mut connection = replay.owner.connect().await?;
        connection.execute(SETTINGS).await.map_err(Fault::from)?;
        connection.execute(READING).await.map_err(Fault::from)?;
        let position = until.resolve(&mut connection).await?;
        let mut side = Self { connection, schema: schema.clone(), unseal: replay.unseal, until: position };
        let wanted = (until != Until::Now).then_some(position);
        side.make(models, wanted, replay.restart).await?;
        Ok(side)
    }

    /// The connection on which the filled tables are found.
    pub const fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// The position up to which they are filled.
    #[must_use]
    pub const fn until(&self) -> i64 {
        self.until
    }

    /// Lets go of the connection.
    pub async fn close(self) {
        self.connection.close().await.ok();
    }

    async fn make(&mut self, models: &[ReadModel], wanted: Option<i64>, restart: bool) -> Result<(), Fault> {
        let schema = self.schema.clone();
        if schema.is_temporary() {
            return make_tables(&mut self.connection, &schema, models, (wanted, self.until)).await;
        }
        claim(&mut self.connection, &schema).await?;
        match standing(&mut self.connection, &schema).await? {
            Standing::Foreign => Err(StorageError::Invalid(format!("there is a schema {schema} already")).into()),
            Standing::Ours if !restart => self.go_on(models, wanted).await,
            Standing::Ours | Standing::Free => {
                let anew = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
                let mut transaction = self.connection.begin().await?;
                transaction.execute(anew.as_str()).await?;
                make_tables(&mut transaction, &schema, models, (wanted, self.until)).await?;
                Ok(transaction.commit().await?)
            }
        }
    }

    async fn go_on(&mut self, models: &[ReadModel], wanted: Option<i64>) -> Result<(), Fault> {
        let schema = &self.schema;
        let found: Vec<(String, i32, Option<i64>, bool)> = sqlx::query_as(&format!(
            "SELECT model, version, until, dropped = {DROPPED} FROM {schema}.replay ORDER BY model"
        ))
        .fetch_all(&mut self.connection)
        .await?;
        let mut asked: Vec<_> =
            models.iter().map(|model| (model.name.to_owned(), model.version, wanted, true)).collect();
        asked.sort();
        if found != asked {
            let problem = format!(
                "{schema} holds another replay than this one, or months have left the log since: begin anew, or drop it"
            );
            return Err(StorageError::Invalid(problem).into());
        }
        Ok(self.connection.execute(search_path(schema).as_str()).await.map(drop)?)
    }

    /// Gives the planner figures of tables that have just been filled.
    pub(super) async fn analyze(&mut self, model: &ReadModel) -> Result<(), Fault> {
        let tables: Vec<_> = model.tables.iter().map(|table| format!("{}.{table}", self.schema)).collect();
        self.connection.execute(format!("ANALYZE {}", tables.join(", ")).as_str()).await?;
        Ok(())
    }
}

/// What a crash takes from a replay it does again, as its progress goes with it: commits need not wait for the disk. Plans are
/// made for the values at hand, so that partitions which cannot hold anything are not looked at.
const SETTINGS: &str = "
SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; SET jit = off;
SET client_min_messages = warning; SET synchronous_commit = off; SET plan_cache_mode = force_custom_plan";

/// How many months have left the log: a replay that went on after another did would not have its events.
const DROPPED: &str = "(SELECT count(*) FROM public.dropped_ranges)";

fn search_path(schema: &SchemaName) -> String {
    format!("SET search_path = {schema}, public")
}

async fn make_tables(
    connection: &mut PgConnection,
    schema: &SchemaName,
    models: &[ReadModel],
    (wanted, until): (Option<i64>, i64),
) -> Result<(), Fault> {
    let tables: String = models.iter().map(|model| format!("{};", model.ddl)).collect();
    let statements = format!(
        "{path}; {tables};
         CREATE TABLE {schema}.replay (
             model text PRIMARY KEY, version int NOT NULL, until bigint,
             dropped bigint NOT NULL, position bigint NOT NULL DEFAULT 0, done bigint NOT NULL DEFAULT 0);",
        path = search_path(schema),
    );
    connection.execute(statements.as_str()).await?;
    for model in models {
        let insert =
            format!("INSERT INTO {schema}.replay (model, version, until, dropped) VALUES ($1, $2, $3, {DROPPED})");
        let insert = sqlx::query(&insert).bind(model.name).bind(model.version).bind(wanted);
        insert.execute(&mut *connection).await?;
        take_over(connection, schema, model, until).await?;
    }
    Ok(())
}

pub(super) async fn standing(connection: &mut PgConnection, schema: &SchemaName) -> Result<Standing, Fault> {
    let (there, ours): (bool, bool) =
        sqlx::query_as("SELECT to_regnamespace($1) IS NOT NULL, to_regclass($1 || '.replay') IS NOT NULL")
            .bind(schema.as_str())
            .fetch_one(connection)
            .await?;
    Ok(match (there, ours) {
        (false, _) => Standing::Free,
        (true, true) => Standing::Ours,
        (true, false) => Standing::Foreign,
    })
}

/// One replay at a time in a schema; the lock ends with the connection.
pub(super) async fn claim(connection: &mut PgConnection, schema: &SchemaName) -> Result<(), Fault> {
    let alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(7206003, hashtext($1))")
        .bind(schema.as_str())
        .fetch_one(connection)
        .await?;
    if alone { Ok(()) } else { Err(StorageError::Invalid(format!("another replay is filling {schema}")).into()) }
}
