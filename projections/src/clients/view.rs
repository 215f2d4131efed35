//! Clients as they are shown: with the names of what they refer to.

use super::find::ClientRow;
use crate::infos::{
    CustomerInfo, DomainInfo, FunctionInfo, SubjectInfo, actor_info, customer_info, domain_info, function_info,
};
use aggregates::{
    client::Definition,
    ids::{ClientId, FunctionId},
    values::Timestamp,
};
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
    pub created_by: Option<SubjectInfo>,
    /// By which user it was changed last; `None`: by the command line.
    pub updated_by: Option<SubjectInfo>,
    /// The domain.
    pub domain: DomainInfo,
    /// The customer, when it is bound to one.
    pub customer: Option<CustomerInfo>,
    /// The required function.
    pub required_function: FunctionInfo,
    /// The permission scope.
    pub permission_scope: FunctionInfo,
    /// Short names of the functions that custom claims refer to.
    pub claim_functions: HashMap<FunctionId, String>,
}

/// Everything a [`ClientView`] needs, from the clients `k`.
pub(super) fn columns() -> String {
    let [domain, customer] = [domain_info("k.domain_id"), customer_info("k.customer_id")];
    let [required_function, permission_scope] =
        [function_info("k.required_function_id"), function_info("k.permission_scope_id")];
    let [created_by, updated_by] = [actor_info("k.created_by"), actor_info("k.updated_by")];
    format!(
        "k.id, k.sequence, k.epoch, k.deleted, k.definition, k.created_at, k.updated_at, {domain} AS domain, {customer} AS customer,
        {required_function} AS required_function, {permission_scope} AS permission_scope, {created_by} AS created_by,
        {updated_by} AS updated_by,
        (SELECT coalesce(jsonb_object_agg(id, short_name), '{{}}') FROM functions WHERE id IN
           (SELECT (claim->'from'->>'function')::uuid FROM jsonb_array_elements(k.definition->'custom_claims') AS claim)) AS claim_functions"
    )
}

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

/// A client as it once stood, for [`view_past`].
#[derive(Debug, Clone)]
pub struct PastClient {
    /// The client itself.
    pub client: ClientRow,
    /// When it had been defined, and by which actor.
    pub created: (Timestamp, String),
    /// When it had been changed last, and by which actor.
    pub updated: (Timestamp, String),
}

/// The client as it once stood, with the names that what it refers to has today.
///
/// # Errors
/// When the database cannot answer.
pub async fn view_past(c: &mut PgConnection, past: &PastClient) -> Result<ClientView, sqlx::Error> {
    let sql = format!(
        "SELECT {} FROM (SELECT $1::uuid AS id, $2::bigint AS sequence, $3::integer AS epoch, $4::boolean AS deleted,
            d AS definition, $6::bigint AS created_at, $7::text AS created_by, $8::bigint AS updated_at, $9::text AS updated_by,
            (d->>'domain')::uuid AS domain_id, (d->>'customer')::uuid AS customer_id,
            (d->>'required_function')::uuid AS required_function_id, (d->>'permission_scope')::uuid AS permission_scope_id
         FROM (SELECT $5::jsonb AS d) AS given) AS k",
        columns()
    );
    let PastClient { client, created, updated } = past;
    sqlx::query_as(&sql)
        .bind(client.id.uuid())
        .bind(client.sequence)
        .bind(client.epoch)
        .bind(client.deleted)
        .bind(Json(&client.definition))
        .bind(created.0.millis())
        .bind(&created.1)
        .bind(updated.0.millis())
        .bind(&updated.1)
        .fetch_one(c)
        .await
}

/// The client as it is shown, also if it was deleted.
///
/// # Errors
/// When the database cannot answer.
pub async fn view(c: &mut PgConnection, id: ClientId) -> Result<Option<ClientView>, sqlx::Error> {
    let sql = format!("SELECT {} FROM clients k WHERE k.id = $1", columns());
    sqlx::query_as(&sql).bind(id.uuid()).fetch_optional(c).await
}
