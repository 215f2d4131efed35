//! The functions that somebody holds.

use crate::rights::Rights;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, types::Json};
use utoipa::ToSchema;

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
