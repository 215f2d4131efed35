//! The last stretch and the swap are one transaction that holds writers off for that moment.

use super::{Fault, Progress, Side, Step, fill::apply};
use crate::event_store::{follow::move_to, lane::BEGIN};
use projections::ReadModel;
use sqlx::{Connection, Executor};
use std::time::Duration;
use tokio::time::sleep;

/// How often the swap is tried while readers or writers hold on to the old tables.
const SWAPS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(200);

impl Side<'_> {
    /// Puts the tables, filled up to `reached`, in the place of the live ones.
    pub(super) async fn swap(&mut self, model: &ReadModel, reached: i64, progress: Progress<'_>) -> Result<(), Fault> {
        for _ in 1..SWAPS {
            match self.try_swap(model, reached).await {
                // Somebody held a lock for too long, or we were in the way of somebody.
                Err(Fault::Unavailable(_) | Fault::Contended) => sleep(PAUSE).await,
                Err(other) => return Err(other),
                Ok(all) => {
                    progress(Step { model: model.name, done: all, total: all });
                    return Ok(());
                }
            }
        }
        self.try_swap(model, reached).await.map(drop)
    }

    /// Locks in the order in which writers and followers take them: lane, log, cursor, tables. Answers with how many events
    /// went into the tables in all.
    async fn try_swap(&mut self, model: &ReadModel, reached: i64) -> Result<i64, Fault> {
        let before = self.reached(model).await?.1;
        let mut transaction = self.connection.begin_with(BEGIN).await?;
        transaction.execute("SET LOCAL synchronous_commit = on").await?;
        sqlx::query("LOCK TABLE public.events IN SHARE ROW EXCLUSIVE MODE").execute(&mut *transaction).await?;
        sqlx::query("SELECT FROM public.cursors WHERE name = $1 FOR UPDATE")
            .bind(model.name)
            .execute(&mut *transaction)
            .await?;
        // Nobody is writing: what is in sight now is all there is.
        let last: i64 = sqlx::query_scalar("SELECT coalesce(max(position), 0) FROM public.events")
            .fetch_one(&mut *transaction)
            .await?;
        let (mut at, mut count) = (reached, 0);
        while at < last {
            let (to, more) = apply(&mut transaction, model, self.unseal, (at, last)).await?;
            (at, count) = (to, count + more);
        }
        transaction.execute(exchange(model, self.schema.as_str()).as_str()).await?;
        move_to(&mut transaction, model, last).await?;
        transaction.commit().await?;
        Ok(before + count)
    }
}

/// The live tables go, the new ones take their places; indexes come along. Tables are locked one after the other, so this and a
/// reader of several can block each other. Then it is this that gives way, well before Postgres looks for a victim
/// (`deadlock_timeout`, a second).
fn exchange(model: &ReadModel, schema: &str) -> String {
    let live: Vec<_> = model.tables.iter().map(|table| format!("public.{table}")).collect();
    let moved = model.tables.iter().map(|table| format!("ALTER TABLE {schema}.{table} SET SCHEMA public;"));
    let moved: String = moved.collect();
    let live = live.join(", ");
    format!(
        "SET LOCAL lock_timeout = '200ms'; DROP TABLE IF EXISTS {live}; {moved} DROP SCHEMA {schema} CASCADE;
         GRANT SELECT, INSERT, UPDATE, DELETE ON {live} TO argus_app;"
    )
}
