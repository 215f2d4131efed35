//! Domains, inline.

use crate::{
    Mode, ProjectionError, ReadModel, Recorded,
    infos::{DomainInfo, domain_info},
};
use aggregates::{
    domain::DomainEvent,
    ids::{CustomerId, DomainId},
    values::{ShortName, Timestamp},
};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow, types::Json};

/// The read model.
pub const MODEL: ReadModel = ReadModel {
    name: "domains",
    version: 1,
    ddl: include_str!("../../migrations/0003_domains.sql"),
    tables: &["domains"],
    feeds: &["domain"],
    mode: Mode::Inline,
    kept: None,
    apply: |c, events, _| {
        Box::pin(async move {
            for event in events {
                apply(c, event).await?;
            }
            Ok(())
        })
    },
};

/// One domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainRow {
    /// Its id.
    pub id: DomainId,
    /// Its integer id.
    pub number: i64,
    /// Its name in references.
    pub short_name: String,
    /// Its name to show.
    pub name: String,
    /// When it began.
    pub created_at: Timestamp,
}

impl FromRow<'_, PgRow> for DomainRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: DomainId::new(row.try_get("id")?),
            number: row.try_get("number")?,
            short_name: row.try_get("short_name")?,
            name: row.try_get("name")?,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
        })
    }
}

async fn apply(c: &mut PgConnection, event: &Recorded) -> Result<(), ProjectionError> {
    let id = event.id::<DomainId>()?.uuid();
    let query = match event.decode()? {
        DomainEvent::Created { number, short_name, name } => sqlx::query(
            "INSERT INTO domains (id, number, short_name, name, created_at, sequence) VALUES ($1, $3, $4, $5, $6, $2)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(event.sequence)
        .bind(number)
        .bind(String::from(short_name))
        .bind(String::from(name))
        .bind(event.at().millis()),
        DomainEvent::Renamed { name } => {
            sqlx::query("UPDATE domains SET sequence = $2, name = $3 WHERE id = $1 AND sequence < $2")
                .bind(id)
                .bind(event.sequence)
                .bind(String::from(name))
        }
    };
    query.execute(c).await?;
    Ok(())
}

/// The domain with this id.
pub async fn find_by_id(c: &mut PgConnection, id: DomainId) -> Result<Option<DomainRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM domains WHERE id = $1").bind(id.uuid()).fetch_optional(c).await
}

/// The domain with this integer id.
pub async fn find_by_number(c: &mut PgConnection, number: i64) -> Result<Option<DomainRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM domains WHERE number = $1").bind(number).fetch_optional(c).await
}

/// The domain with this short name, in any case.
pub async fn find_by_short_name(c: &mut PgConnection, name: &ShortName) -> Result<Option<DomainRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM domains WHERE lower(short_name) = $1").bind(name.folded()).fetch_optional(c).await
}

/// Every domain, in the order of numbers.
pub async fn list(c: &mut PgConnection) -> Result<Vec<DomainRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM domains ORDER BY number").fetch_all(c).await
}

/// Whether there is no other domain than this one.
pub async fn is_only(c: &mut PgConnection, id: DomainId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT NOT EXISTS (SELECT FROM domains WHERE id <> $1)").bind(id.uuid()).fetch_one(c).await
}

/// The domains of some customers, in the order of numbers: a page, and how many there are.
pub async fn list_of(
    c: &mut PgConnection,
    customers: &[CustomerId],
    (limit, offset): (i64, i64),
) -> Result<(Vec<DomainInfo>, i64), sqlx::Error> {
    let ids: Vec<_> = customers.iter().map(|customer| customer.uuid()).collect();
    let of = "FROM domains d WHERE d.id IN (SELECT k.domain_id FROM customers k WHERE k.id = ANY ($1))";
    let count = sqlx::query_scalar(&format!("SELECT count(*) {of}")).bind(&ids).fetch_one(&mut *c).await?;
    let sql = format!("SELECT {} {of} ORDER BY d.number LIMIT $2 OFFSET $3", domain_info("d.id"));
    let rows: Vec<Json<DomainInfo>> = sqlx::query_scalar(&sql).bind(ids).bind(limit).bind(offset).fetch_all(c).await?;
    Ok((rows.into_iter().map(|Json(info)| info).collect(), count))
}

/// Whether nothing was ever recorded in the directory. Events are never deleted, so once false it stays false.
pub async fn is_unused(c: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT FROM events WHERE aggregate_type IN ('domain', 'customer', 'function', 'group', 'user'))",
    )
    .fetch_one(c)
    .await
}
