//! Single functions, for decisions. A deleted one is not found.

use aggregates::{
    ids::FunctionId,
    values::{ShortName, Timestamp},
};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow};

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

/// The function with this id.
pub async fn find_by_id(c: &mut PgConnection, id: FunctionId) -> Result<Option<FunctionRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM functions WHERE id = $1 AND NOT deleted").bind(id.uuid()).fetch_optional(c).await
}

/// The function with this integer id.
pub async fn find_by_number(c: &mut PgConnection, number: i64) -> Result<Option<FunctionRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM functions WHERE number = $1 AND NOT deleted").bind(number).fetch_optional(c).await
}

/// The function with this short name, in any case.
pub async fn find_by_short_name(c: &mut PgConnection, name: &ShortName) -> Result<Option<FunctionRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM functions WHERE lower(short_name) = $1 AND NOT deleted")
        .bind(name.folded())
        .fetch_optional(c)
        .await
}

/// Every function, in the order of numbers.
pub async fn list(c: &mut PgConnection) -> Result<Vec<FunctionRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM functions WHERE NOT deleted ORDER BY number").fetch_all(c).await
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

/// The functions that imply a function directly, in the order of numbers.
pub async fn list_parents(c: &mut PgConnection, child: FunctionId) -> Result<Vec<FunctionRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.* FROM function_children e JOIN functions f ON f.id = e.parent_id WHERE e.child_id = $1 ORDER BY f.number",
    )
    .bind(child.uuid())
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

/// Whether a permission or a client that is not deleted refers to a function: as what it requires, as its permission scope, or
/// in a claim.
pub async fn is_used(c: &mut PgConnection, id: FunctionId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM permissions WHERE function_id = $1) OR EXISTS (
            SELECT FROM clients k WHERE NOT k.deleted AND ($1 IN (k.required_function_id, k.permission_scope_id)
                OR k.definition -> 'custom_claims' @> jsonb_build_array(jsonb_build_object('from', jsonb_build_object('function', $1)))))",
    )
    .bind(id.uuid())
    .fetch_one(c)
    .await
}
