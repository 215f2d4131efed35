//! Functions, inline, and which implies which.

use crate::{Mode, ProjectionError, ReadModel, Recorded, rights::Rights};
use aggregates::{
    function::FunctionEvent,
    ids::FunctionId,
    values::{ShortName, Timestamp},
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow, types::Json};
use utoipa::ToSchema;

/// The read model.
pub const MODEL: ReadModel = ReadModel {
    name: "functions",
    version: 1,
    ddl: include_str!("../../migrations/0005_functions.sql"),
    tables: &["functions", "function_children"],
    feeds: &["function"],
    mode: Mode::Inline,
    apply: |c, events, _| {
        Box::pin(async move {
            for event in events {
                apply(c, event).await?;
            }
            Ok(())
        })
    },
};

/// One function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionRow {
    /// Its id.
    pub id: FunctionId,
    /// Its integer id.
    pub number: i64,
    /// Its name in references.
    pub short_name: String,
    /// Its name to show.
    pub name: String,
    /// What it allows, in words.
    pub description: String,
    /// Whether administrators hand it out.
    pub role: bool,
    /// When it began.
    pub created_at: Timestamp,
}

impl FromRow<'_, PgRow> for FunctionRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: FunctionId::new(row.try_get("id")?),
            number: row.try_get("number")?,
            short_name: row.try_get("short_name")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            role: row.try_get("role")?,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
        })
    }
}

async fn apply(c: &mut PgConnection, event: &Recorded) -> Result<(), ProjectionError> {
    let id = event.id::<FunctionId>()?.uuid();
    let changed = |sql: &'static str| sqlx::query(sql).bind(id).bind(event.sequence);
    let query = match event.decode()? {
        FunctionEvent::Created { number, short_name, name, description, role } => changed(
            "INSERT INTO functions (id, number, short_name, name, description, role, created_at, sequence)
             VALUES ($1, $3, $4, $5, $6, $7, $8, $2) ON CONFLICT (id) DO NOTHING",
        )
        .bind(number)
        .bind(String::from(short_name))
        .bind(String::from(name))
        .bind(String::from(description))
        .bind(role)
        .bind(event.at().millis()),
        FunctionEvent::Described { name, description } => {
            changed("UPDATE functions SET sequence = $2, name = $3, description = $4 WHERE id = $1 AND sequence < $2")
                .bind(String::from(name))
                .bind(String::from(description))
        }
        FunctionEvent::ChildAdded { child } => changed(
            "WITH parent AS (UPDATE functions SET sequence = $2 WHERE id = $1 AND sequence < $2 RETURNING id)
             INSERT INTO function_children (parent_id, child_id) SELECT id, $3 FROM parent ON CONFLICT DO NOTHING",
        )
        .bind(child.uuid()),
        FunctionEvent::ChildRemoved { child } => changed(
            "WITH parent AS (UPDATE functions SET sequence = $2 WHERE id = $1 AND sequence < $2 RETURNING id)
             DELETE FROM function_children e USING parent WHERE e.parent_id = parent.id AND e.child_id = $3",
        )
        .bind(child.uuid()),
    };
    query.execute(c).await?;
    Ok(())
}

/// The function with this id.
pub async fn find_by_id(c: &mut PgConnection, id: FunctionId) -> Result<Option<FunctionRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM functions WHERE id = $1").bind(id.uuid()).fetch_optional(c).await
}

/// The function with this integer id.
pub async fn find_by_number(c: &mut PgConnection, number: i64) -> Result<Option<FunctionRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM functions WHERE number = $1").bind(number).fetch_optional(c).await
}

/// The function with this short name, in any case.
pub async fn find_by_short_name(c: &mut PgConnection, name: &ShortName) -> Result<Option<FunctionRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM functions WHERE lower(short_name) = $1").bind(name.folded()).fetch_optional(c).await
}

/// Every function, in the order of numbers.
pub async fn list(c: &mut PgConnection) -> Result<Vec<FunctionRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM functions ORDER BY number").fetch_all(c).await
}

/// A function as its holder sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeldFunction {
    /// The integer id.
    pub id: i64,
    /// The short name, as that is what a reference accepts.
    pub name: String,
    /// What it allows, in words.
    pub description: String,
    /// `ROLE` for what administrators hand out.
    pub flags: Vec<String>,
    /// Always `EXTERNAL`: every session may use what its user holds.
    pub security_level: String,
}

/// The functions that a caller holds for some customer, in the order of numbers.
pub async fn list_held(c: &mut PgConnection, rights: &Rights) -> Result<Vec<HeldFunction>, sqlx::Error> {
    let rows: Vec<Json<HeldFunction>> = sqlx::query_scalar(
        "SELECT jsonb_build_object('id', f.number, 'name', f.short_name, 'description', f.description,
            'flags', CASE WHEN f.role THEN '[\"ROLE\"]'::jsonb ELSE '[]' END, 'securityLevel', 'EXTERNAL')
         FROM functions f WHERE f.id IN (SELECT r.function_id FROM rights_within($1, $2) r) ORDER BY f.number",
    )
    .bind(rights.user.uuid())
    .bind(rights.as_json())
    .fetch_all(c)
    .await?;
    Ok(rows.into_iter().map(|Json(function)| function).collect())
}

/// The functions that a function implies directly, in the order of numbers.
pub async fn list_children(c: &mut PgConnection, parent: FunctionId) -> Result<Vec<FunctionRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.* FROM function_children e JOIN functions f ON f.id = e.child_id WHERE e.parent_id = $1 ORDER BY f.number",
    )
    .bind(parent.uuid())
    .fetch_all(c)
    .await
}

/// Whether a function is `wanted` or implies it.
pub async fn implies(c: &mut PgConnection, id: FunctionId, wanted: FunctionId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT $2 IN (SELECT w.function_id FROM functions_within($1) w)")
        .bind(id.uuid())
        .bind(wanted.uuid())
        .fetch_one(c)
        .await
}
