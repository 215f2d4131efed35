//! One entry, explained: in a sentence, and in full with the names of what it is about.

use super::{AuditRow, Visible, explain, row::SELECT};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, QueryBuilder, types::Json};
use std::collections::HashMap;
use utoipa::ToSchema;

/// An entry with its explanation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// What happened and why, in one sentence.
    pub sentence: String,
    /// The entry.
    #[serde(flatten)]
    pub row: AuditRow,
    /// What those that it names are called now.
    pub names: Names,
}

/// What the things that an entry names by id are called now. Of what was erased, nothing is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct Names {
    /// The user who acted.
    pub actor: Option<String>,
    /// The customer's short name.
    pub customer: Option<String>,
    /// That of the customer that the required function had to be held for.
    pub required_for: Option<String>,
    /// What was changed: a user name, a short name.
    pub object: Option<String>,
    /// The permission by which the required function was held.
    pub held: Option<HeldPermission>,
}

/// A permission by names.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct HeldPermission {
    /// The user, or `group` and its short name.
    pub subject: String,
    /// The function.
    pub function: String,
    /// The customer.
    pub customer: String,
}

/// `$1` positions.
const NAMES: &str = "
SELECT a.position, jsonb_build_object(
    'actor', (SELECT user_name FROM users WHERE id = CASE WHEN a.actor LIKE 'user:%' THEN substr(a.actor, 6)::uuid END),
    'customer', (SELECT short_name FROM customers WHERE id = a.customer_id),
    'required_for', (SELECT short_name FROM customers WHERE id = a.required_for),
    'object', COALESCE((SELECT user_name FROM users WHERE id = a.object_id), (SELECT short_name FROM groups WHERE id = a.object_id),
        (SELECT short_name FROM clients WHERE id = a.object_id), (SELECT short_name FROM functions WHERE id = a.object_id),
        (SELECT short_name FROM customers WHERE id = a.object_id), (SELECT short_name FROM domains WHERE id = a.object_id)),
    'held', (SELECT jsonb_build_object('subject', s.name, 'function', f.short_name, 'customer', c.short_name)
        FROM (
            SELECT COALESCE(user_name, id::text) AS name FROM users WHERE id = (a.held_by ->> 'subject')::uuid
            UNION ALL SELECT 'group ' || short_name FROM groups WHERE id = (a.held_by ->> 'subject')::uuid
        ) s, functions f, customers c
        WHERE f.id = (a.held_by ->> 'function')::uuid AND c.id = (a.held_by ->> 'customer')::uuid))
FROM audit a WHERE a.position = ANY($1)";

/// The entry at a position of the log; none when there is none that the viewer may see.
///
/// # Errors
/// The database's.
pub async fn find(c: &mut PgConnection, position: i64, visible: &Visible) -> Result<Option<AuditEntry>, sqlx::Error> {
    let mut sql = QueryBuilder::new(SELECT);
    sql.push(" WHERE a.position = ").push_bind(position);
    visible.narrow(&mut sql);
    let found: Option<Json<AuditRow>> = sql.build_query_scalar().fetch_optional(&mut *c).await?;
    Ok(explained(c, found.into_iter().map(|row| row.0).collect()).await?.into_iter().next())
}

async fn explained(c: &mut PgConnection, rows: Vec<AuditRow>) -> Result<Vec<AuditEntry>, sqlx::Error> {
    let positions: Vec<i64> = rows.iter().map(|row| row.position).collect();
    let names: Vec<(i64, Json<Names>)> = sqlx::query_as(NAMES).bind(positions).fetch_all(c).await?;
    let mut names: HashMap<i64, Names> = names.into_iter().map(|(position, Json(names))| (position, names)).collect();
    let explain = |row: AuditRow| {
        let names = names.remove(&row.position).unwrap_or_default();
        AuditEntry { sentence: explain::sentence(&row, &names), row, names }
    };
    Ok(rows.into_iter().map(explain).collect())
}
