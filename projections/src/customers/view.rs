//! Customers as the API shows them, written as JSON by the statement that finds them.

use crate::infos::{CustomerInfo, DomainInfo, SubjectInfo, actor_info, customer_info, domain_info};
use aggregates::ids::{CustomerId, DomainId};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Row, postgres::PgRow, types::Json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A customer as administrators see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerView {
    /// The integer id.
    pub id: i64,
    /// The name in references.
    pub short_name: String,
    /// The name to show.
    pub name: String,
    /// The domain that it lies in.
    pub domain: DomainInfo,
    /// The customer above, if the caller sees it.
    pub parent: Option<CustomerInfo>,
    /// `group` when others lie below it, else `leaf`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `disabled`; `rootCustomerGroup`: the one above all of its domain.
    pub flags: Vec<String>,
    /// Always `english`.
    pub language: String,
    /// When it was made, in milliseconds.
    pub created_timestamp: i64,
    /// By which user; null: by the command line.
    pub created_by_user: Option<SubjectInfo>,
    /// When it was changed last, in milliseconds.
    pub last_updated_timestamp: i64,
    /// By which user; null: by the command line.
    pub last_updated_by_user: Option<SubjectInfo>,
    /// The UUID, which no answer shows.
    #[serde(skip)]
    pub customer: CustomerId,
    /// The UUID of the customer above.
    #[serde(skip)]
    pub above: Option<CustomerId>,
    /// The UUID of the domain.
    #[serde(skip)]
    pub domain_id: DomainId,
}

impl FromRow<'_, PgRow> for CustomerView {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let Json(shown): Json<Self> = row.try_get("shown")?;
        Ok(Self {
            customer: CustomerId::new(row.try_get("id")?),
            above: row.try_get::<Option<Uuid>, _>("parent_id")?.map(CustomerId::new),
            domain_id: DomainId::new(row.try_get("domain_id")?),
            ..shown
        })
    }
}

/// Everything that a [`CustomerView`] needs, from the customers `k` and those in sight, `seen`.
pub(super) fn columns() -> String {
    let (domain, parent) = (domain_info("k.domain_id"), customer_info("k.parent_id"));
    let (created_by, updated_by) = (actor_info("k.created_by"), actor_info("coalesce(k.updated_by, k.created_by)"));
    format!(
        "k.id, k.parent_id, k.domain_id, jsonb_build_object('id', k.number, 'shortName', k.short_name, 'name', k.name,
            'domain', {domain}, 'parent', CASE WHEN k.parent_id IN (SELECT s.id FROM seen s) THEN {parent} END,
            'type', CASE WHEN {GROUP} THEN 'group' ELSE 'leaf' END,
            'flags', to_jsonb(array_remove(ARRAY[CASE WHEN k.disabled THEN 'disabled' END,
                CASE WHEN k.parent_id IS NULL THEN 'rootCustomerGroup' END], NULL)),
            'language', 'english', 'createdTimestamp', k.created_at, 'createdByUser', {created_by},
            'lastUpdatedTimestamp', coalesce(k.updated_at, k.created_at), 'lastUpdatedByUser', {updated_by}) AS shown"
    )
}

/// SQL for whether others lie below the customer `k`.
pub(super) const GROUP: &str = "EXISTS (SELECT FROM customers b WHERE b.parent_id = k.id)";
