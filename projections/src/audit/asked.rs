//! A question to the trail: a filter, for a viewer, with its names and times looked up once; answered page by page, in log order.

use super::{AuditRow, Filter, Visible, filter::Names, row::SELECT};
use aggregates::values::Timestamp;
use sqlx::{Connection, PgConnection, Postgres, QueryBuilder, Transaction, types::Json};

/// Which page.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The position after which it begins: the cursor.
    pub after: i64,
    /// The most entries on it.
    pub limit: i64,
}

/// Which entries are asked for, and where in the log they can be.
#[derive(Debug)]
pub struct Asked {
    filter: Filter,
    visible: Visible,
    names: Names,
    first: i64,
    last: i64,
}

impl Asked {
    /// About what the trail holds now; what it gets later is no part of the answer.
    ///
    /// # Errors
    /// The database's.
    pub async fn so_far(c: &mut PgConnection, filter: &Filter, visible: &Visible) -> Result<Self, sqlx::Error> {
        let mut transaction = reading(c).await?;
        let names = Names::of(&mut transaction, filter).await?;
        let (first, last) = places(&mut transaction, filter.period()).await?;
        transaction.commit().await?;
        Ok(Self { filter: filter.clone(), visible: visible.clone(), names, first, last })
    }

    /// About what the trail will hold, as far as [`Asked::extend_to`] says.
    ///
    /// # Errors
    /// The database's.
    pub async fn from_now_on(c: &mut PgConnection, filter: &Filter, visible: &Visible) -> Result<Self, sqlx::Error> {
        let names = Names::of(c, filter).await?;
        Ok(Self { filter: filter.clone(), visible: visible.clone(), names, first: 0, last: 0 })
    }

    /// Extends the question to entries up to this place.
    pub const fn extend_to(&mut self, last: i64) {
        self.last = last;
    }

    /// A page of the answer, the earliest entries first. Shorter than its limit, it is the last one.
    ///
    /// # Errors
    /// The database's.
    pub async fn page(&self, c: &mut PgConnection, page: Page) -> Result<Vec<AuditRow>, sqlx::Error> {
        let mut sql = QueryBuilder::new(SELECT);
        sql.push(" WHERE a.position > ").push_bind(page.after.max(self.first.saturating_sub(1)));
        sql.push(" AND a.position <= ").push_bind(self.last);
        self.visible.narrow(&mut sql);
        self.filter.narrow(&self.names, &mut sql);
        sql.push(" ORDER BY a.position LIMIT ").push_bind(page.limit);
        let mut transaction = reading(c).await?;
        let rows: Vec<Json<AuditRow>> = sql.build_query_scalar().persistent(false).fetch_all(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }
}

/// Which index is best depends on how rare the very value is that is asked for, so each statement is planned for its values.
async fn reading(c: &mut PgConnection) -> Result<Transaction<'_, Postgres>, sqlx::Error> {
    let mut transaction = c.begin().await?;
    sqlx::query("SET LOCAL plan_cache_mode = force_custom_plan").execute(&mut *transaction).await?;
    Ok(transaction)
}

/// The first and the last place of entries of a period. The clocks of several instances are not in step, so that a time is no
/// place; but between these places are all of them. `+ 0` has the entries of the period read by time instead of the whole trail
/// in search of its first.
async fn places(
    c: &mut PgConnection,
    (after, before): (Option<Timestamp>, Option<Timestamp>),
) -> Result<(i64, i64), sqlx::Error> {
    if after.is_none() && before.is_none() {
        return Ok((0, last_position(c).await?));
    }
    let (after, before) = (after.map_or(0, Timestamp::millis), before.map_or(i64::MAX, Timestamp::millis));
    let sql = "SELECT min(position + 0), max(position + 0) FROM audit WHERE at >= $1 AND at < $2";
    let (first, last): (Option<i64>, Option<i64>) =
        sqlx::query_as(sql).bind(after).bind(before).persistent(false).fetch_one(c).await?;
    Ok((first.unwrap_or(0), last.unwrap_or(0)))
}

/// The place of the trail's last entry; 0 while there is none.
///
/// # Errors
/// The database's.
pub async fn last_position(c: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COALESCE(max(position), 0) FROM audit").fetch_one(c).await
}

/// The place before the first entry that is not older than this; the trail's last where all are.
///
/// # Errors
/// The database's.
pub async fn position_before(c: &mut PgConnection, time: Timestamp) -> Result<i64, sqlx::Error> {
    let sql = "SELECT COALESCE((SELECT min(position + 0) - 1 FROM audit WHERE at >= $1), (SELECT max(position) FROM audit), 0)";
    sqlx::query_scalar(sql).bind(time.millis()).fetch_one(c).await
}
