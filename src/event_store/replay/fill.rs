//! Filling: batch by batch, each with its progress in one transaction.

use super::{Fault, Progress, Side, Step};
use crate::event_store::{
    follow::settle,
    record::{fault, read},
};
use projections::{ReadModel, Unseal};
use sqlx::{Connection, PgConnection};

const BATCH: i64 = 5000;
/// So few are left that writers can wait for them.
const FEW: i64 = 500;

const AHEAD: &str = "
SELECT count(*) FROM public.events WHERE position > $1 AND position <= $2 AND aggregate_type = ANY ($3)";

impl Side<'_> {
    /// Round after round up to what is settled, until one is so short that writers can wait for the rest; or no shorter than
    /// the one before, as then further rounds would not get closer. Answers with the position.
    pub(super) async fn approach(&mut self, model: &ReadModel, progress: Progress<'_>) -> Result<i64, Fault> {
        let mut shortest = self.fill_to(model, self.until, progress).await?;
        self.analyze(model).await?;
        loop {
            let until = settle(&mut self.connection).await?;
            let round = self.fill_to(model, until, progress).await?;
            if round < FEW || round >= shortest {
                return Ok(until);
            }
            shortest = round;
        }
    }

    /// Fills a read model up to a position. Answers with how many events that took.
    pub(super) async fn fill_to(
        &mut self,
        model: &ReadModel,
        until: i64,
        progress: Progress<'_>,
    ) -> Result<i64, Fault> {
        let (mut at, before) = self.reached(model).await?;
        let ahead: i64 =
            sqlx::query_scalar(AHEAD).bind(at).bind(until).bind(model.feeds).fetch_one(&mut self.connection).await?;
        let (mut done, total) = (before, before + ahead);
        progress(Step { model: model.name, done, total });
        while at < until {
            let mut transaction = self.connection.begin().await?;
            let (to, count) = apply(&mut transaction, model, self.unseal, (at, until)).await?;
            (at, done) = (to, done + count);
            let update = format!("UPDATE {}.replay SET position = $2, done = $3 WHERE model = $1", self.schema);
            sqlx::query(&update).bind(model.name).bind(at).bind(done).execute(&mut *transaction).await?;
            transaction.commit().await?;
            progress(Step { model: model.name, done, total });
        }
        Ok(done - before)
    }

    /// Position and number of events that are in.
    pub(super) async fn reached(&mut self, model: &ReadModel) -> Result<(i64, i64), Fault> {
        let query = format!("SELECT position, done FROM {}.replay WHERE model = $1", self.schema);
        Ok(sqlx::query_as(&query).bind(model.name).fetch_one(&mut self.connection).await?)
    }
}

/// One batch: the position that it has come to, and how many events it had.
pub(super) async fn apply(
    connection: &mut PgConnection,
    model: &ReadModel,
    unseal: &dyn Unseal,
    (after, until): (i64, i64),
) -> Result<(i64, i64), Fault> {
    let events = read(connection, (after, until), model.feeds, BATCH).await?;
    let count = i64::try_from(events.len()).unwrap_or(BATCH);
    let to = events.last().filter(|_| count == BATCH).map_or(until, |event| event.position);
    if !events.is_empty() {
        (model.apply)(connection, &events, unseal).await.map_err(fault)?;
    }
    Ok((to, count))
}
