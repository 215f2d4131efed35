//! Asking the trail: in log order, page by page, only what the viewer may see.

use super::Filter;
use crate::rights::{self, Rights};
use aggregates::{
    ids::{ClientId, CustomerId, DomainId, GrantId, SessionId, UserId},
    values::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{PgConnection, QueryBuilder, types::Json};
use utoipa::ToSchema;
use uuid::Uuid;

/// What it takes to see anything.
pub const FUNCTION: &str = "viewAuditTrail";

/// Which page.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The position after which it begins: the cursor.
    pub after: i64,
    /// The most entries on it.
    pub limit: i64,
}

/// What the viewer may see.
#[derive(Debug, Clone)]
pub enum Visible {
    /// Everything, of every domain: for whoever runs the server.
    All,
    /// The entries of this domain.
    Domain(DomainId),
    /// The entries of these customers.
    Customers(Vec<CustomerId>),
}

impl Visible {
    /// What somebody may see with these rights in a domain; none when that is nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn to(c: &mut PgConnection, rights: &Rights, domain: DomainId) -> Result<Option<Self>, sqlx::Error> {
        if rights::holds_everywhere(c, rights, FUNCTION, domain).await? {
            return Ok(Some(Self::Domain(domain)));
        }
        let customers = rights::customers_where(c, rights, FUNCTION).await?;
        Ok((!customers.is_empty()).then_some(Self::Customers(customers)))
    }

    /// The customers and the domain that entries must belong to.
    pub(super) fn bounds(&self) -> (Option<Vec<Uuid>>, Option<Uuid>) {
        match self {
            Self::All => (None, None),
            Self::Domain(domain) => (None, Some(domain.uuid())),
            Self::Customers(customers) => (Some(customers.iter().map(|customer| customer.uuid()).collect()), None),
        }
    }
}

/// An entry as it is shown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct AuditRow {
    /// Its place in the log, and the cursor.
    pub position: i64,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// What.
    pub action: String,
    /// `granted`, `refused`, `revoked` or `done`.
    pub outcome: String,
    /// Why it was refused or revoked.
    pub reason: Option<String>,
    /// Who did it.
    pub actor: String,
    /// For whom.
    #[schema(value_type = Option<String>)]
    pub user_id: Option<UserId>,
    /// That user's name, unless erased.
    pub user_name: Option<String>,
    /// In which session.
    #[schema(value_type = Option<String>)]
    pub session_id: Option<SessionId>,
    /// Under which grant.
    #[schema(value_type = Option<String>)]
    pub grant_id: Option<GrantId>,
    /// For which client.
    #[schema(value_type = Option<String>)]
    pub client_id: Option<ClientId>,
    /// That client's short name.
    pub client_short_name: Option<String>,
    /// Under which version of its definition.
    pub client_version: Option<i64>,
    /// For which customer.
    #[schema(value_type = Option<String>)]
    pub customer_id: Option<CustomerId>,
    /// In which domain.
    #[schema(value_type = Option<String>)]
    pub domain_id: Option<DomainId>,
    /// What kind of definition was changed.
    pub object_type: Option<String>,
    /// Which one.
    #[schema(value_type = Option<String>)]
    pub object_id: Option<Uuid>,
    /// With which scopes.
    pub scopes: Option<Vec<String>>,
    /// From where.
    pub ip: Option<String>,
    /// By which of the client's address ranges.
    pub ip_range: Option<String>,
    /// The required function.
    pub required_function: Option<String>,
    /// The permission that satisfied it.
    pub held_by: Option<Value>,
    /// How the user proved who they are.
    pub method: Option<String>,
    /// When.
    #[schema(value_type = Option<i64>)]
    pub authenticated_at: Option<Timestamp>,
    /// How many equal events the entry stands for.
    pub count: i64,
    /// In which request.
    pub request_id: Option<String>,
    /// What was given as reason for a change.
    pub note: Option<String>,
}

const SELECT: &str = "
SELECT to_jsonb(a) || jsonb_build_object('ip', host(a.ip), 'user_name', u.user_name, 'client_short_name', k.short_name,
    'required_function', f.short_name)
FROM audit a LEFT JOIN users u ON u.id = a.user_id LEFT JOIN clients k ON k.id = a.client_id
LEFT JOIN functions f ON f.id = a.required_function
WHERE a.position > ";

/// Lists entries in log order.
///
/// # Errors
/// The database's.
pub async fn list(
    c: &mut PgConnection,
    filter: &Filter,
    visible: &Visible,
    page: Page,
) -> Result<Vec<AuditRow>, sqlx::Error> {
    let mut sql = QueryBuilder::new(SELECT);
    sql.push_bind(page.after);
    match visible {
        Visible::All => {}
        Visible::Domain(domain) => {
            sql.push(" AND a.domain_id = ").push_bind(domain.uuid());
        }
        Visible::Customers(customers) => {
            let customers: Vec<_> = customers.iter().map(|customer| customer.uuid()).collect();
            sql.push(" AND a.customer_id = ANY(").push_bind(customers).push(")");
        }
    }
    filter.narrow(&mut sql);
    sql.push(" ORDER BY a.position LIMIT ").push_bind(page.limit);
    let rows: Vec<Json<AuditRow>> = sql.build_query_scalar().fetch_all(c).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Whether the viewer may see the entry at this position.
///
/// # Errors
/// The database's.
pub async fn is_visible(c: &mut PgConnection, position: i64, visible: &Visible) -> Result<bool, sqlx::Error> {
    let (customers, domain) = visible.bounds();
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM audit WHERE position = $1 AND ($2::uuid[] IS NULL OR customer_id = ANY ($2))
            AND ($3::uuid IS NULL OR domain_id = $3))",
    )
    .bind(position)
    .bind(customers)
    .bind(domain)
    .fetch_one(c)
    .await
}
