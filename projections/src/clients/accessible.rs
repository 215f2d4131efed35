//! The applications that a user may open: what the portal links to.

use aggregates::ids::UserId;
use sqlx::{FromRow, PgConnection};

/// An application as the portal shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Accessible {
    /// The client's name.
    pub name: String,
    /// The client's description.
    pub description: String,
    /// The landing page.
    pub main_uri: String,
}

/// The live clients that are not hidden and whose required function the user holds for the client's customer, or for any
/// customer of its domain when it has none; by name.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_accessible(c: &mut PgConnection, user: UserId) -> Result<Vec<Accessible>, sqlx::Error> {
    let sql = "SELECT k.name, k.definition->>'description' AS description, k.definition->>'main_uri' AS main_uri
               FROM clients k
               WHERE NOT k.deleted AND NOT k.hidden
                 AND EXISTS (SELECT FROM held($1, k.required_function_id, k.customer_id, k.domain_id))
               ORDER BY lower(k.name), k.id";
    sqlx::query_as(sql).bind(user.uuid()).fetch_all(c).await
}
