//! The clients that a person may use: what the portal shows.

use crate::rights::Rights;
use sqlx::{FromRow, PgConnection};

/// A client as its users see it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Usable {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it is.
    pub main_uri: String,
}

/// The clients whose required function the caller holds for the client's customer, or for any customer of its domain when it has
/// none; neither hidden, disabled nor deleted; by name.
///
/// # Errors
/// The database's.
pub async fn list_usable(c: &mut PgConnection, rights: &Rights) -> Result<Vec<Usable>, sqlx::Error> {
    sqlx::query_as(
        "WITH held AS MATERIALIZED (
            SELECT r.function_id, r.customer_id, k.domain_id FROM rights_within($1, $2) r JOIN customers k ON k.id = r.customer_id)
         SELECT k.name, k.definition ->> 'description' AS description, k.definition ->> 'main_uri' AS main_uri
         FROM clients k WHERE NOT k.deleted AND NOT k.hidden AND k.definition -> 'disabled' IS DISTINCT FROM 'true' AND EXISTS (
            SELECT FROM held h WHERE h.function_id = k.required_function_id
            AND (h.customer_id = k.customer_id OR (k.customer_id IS NULL AND h.domain_id = k.domain_id)))
         ORDER BY lower(k.name), k.id",
    )
    .bind(rights.user.uuid())
    .bind(rights.as_json())
    .fetch_all(c)
    .await
}
