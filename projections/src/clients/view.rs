//! Clients as they are shown: with the names of what they refer to.

use super::find::ClientRow;
use aggregates::{
    client::Definition,
    ids::{ClientId, FunctionId},
    values::Timestamp,
};
use serde::Deserialize;
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

/// A client with the names of what it refers to.
#[derive(Debug, Clone)]
pub struct ClientView {
    /// The client itself.
    pub client: ClientRow,
    /// When it was defined.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// By which user it was defined; `None`: by the command line.
    pub created_by: Option<UserInfo>,
    /// By which user it was changed last; `None`: by the command line.
    pub updated_by: Option<UserInfo>,
    /// The domain.
    pub domain: Named,
    /// The customer, when it is bound to one.
    pub customer: Option<CustomerInfo>,
    /// The required function.
    pub required_function: Named,
    /// The permission scope.
    pub permission_scope: Named,
    /// Short names of the functions that custom claims refer to.
    pub claim_functions: HashMap<FunctionId, String>,
}

/// An object of the Argus API that is shown by number and name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// The integer id.
    pub number: i64,
    /// The name; of a function the short name, since that is what a reference to it accepts.
    pub name: String,
}

/// A customer as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CustomerInfo {
    /// The integer id.
    pub number: i64,
    /// The short name.
    pub short_name: String,
    /// The name.
    pub name: String,
}

/// A user as it is shown beside what the user did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// The integer id.
    pub number: i64,
    /// The user name; `None` when it was erased.
    pub user_name: Option<String>,
    /// The full name; `None` when it was erased.
    pub name: Option<String>,
    /// Whether the user was deleted.
    pub deleted: bool,
}

/// Everything a [`ClientView`] needs, from the clients `k`.
pub(super) const COLUMNS: &str = "k.id, k.sequence, k.epoch, k.deleted, k.definition, k.created_at, k.updated_at,
    (SELECT jsonb_build_object('number', number, 'name', name) FROM domains WHERE id = k.domain_id) AS domain,
    (SELECT jsonb_build_object('number', number, 'short_name', short_name, 'name', name) FROM customers WHERE id = k.customer_id) AS customer,
    (SELECT jsonb_build_object('number', number, 'name', short_name) FROM functions WHERE id = k.required_function_id) AS required_function,
    (SELECT jsonb_build_object('number', number, 'name', short_name) FROM functions WHERE id = k.permission_scope_id) AS permission_scope,
    (SELECT jsonb_build_object('number', number, 'user_name', user_name, 'name', name, 'deleted', status = 'deleted')
       FROM users WHERE 'user:' || id = k.created_by) AS created_by,
    (SELECT jsonb_build_object('number', number, 'user_name', user_name, 'name', name, 'deleted', status = 'deleted')
       FROM users WHERE 'user:' || id = k.updated_by) AS updated_by,
    (SELECT coalesce(jsonb_object_agg(id, short_name), '{}') FROM functions WHERE id IN
       (SELECT (claim->'from'->>'function')::uuid FROM jsonb_array_elements(k.definition->'custom_claims') AS claim)) AS claim_functions";

impl FromRow<'_, PgRow> for ClientView {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let Json(definition): Json<Definition> = row.try_get("definition")?;
        let id: Uuid = row.try_get("id")?;
        let client = ClientRow {
            id: ClientId::new(id),
            sequence: row.try_get("sequence")?,
            epoch: row.try_get("epoch")?,
            deleted: row.try_get("deleted")?,
            definition,
        };
        Ok(Self {
            client,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
            updated_at: Timestamp::from_millis(row.try_get("updated_at")?),
            created_by: row.try_get::<Option<Json<_>>, _>("created_by")?.map(|Json(user)| user),
            updated_by: row.try_get::<Option<Json<_>>, _>("updated_by")?.map(|Json(user)| user),
            domain: row.try_get::<Json<_>, _>("domain")?.0,
            customer: row.try_get::<Option<Json<_>>, _>("customer")?.map(|Json(customer)| customer),
            required_function: row.try_get::<Json<_>, _>("required_function")?.0,
            permission_scope: row.try_get::<Json<_>, _>("permission_scope")?.0,
            claim_functions: row.try_get::<Json<_>, _>("claim_functions")?.0,
        })
    }
}

/// The client as it is shown, also if it was deleted.
///
/// # Errors
/// When the database cannot answer.
pub async fn view(c: &mut PgConnection, id: ClientId) -> Result<Option<ClientView>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM clients k WHERE k.id = $1");
    sqlx::query_as(&sql).bind(id.uuid()).fetch_optional(c).await
}
