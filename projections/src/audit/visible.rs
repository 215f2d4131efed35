//! What a viewer may see of the trail.

use crate::rights::{self, Rights};
use aggregates::ids::{CustomerId, DomainId};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

/// What it takes to see anything.
pub const FUNCTION: &str = "viewAuditTrail";

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

    /// Adds ` AND …` where entries are kept from the viewer.
    pub(super) fn narrow(&self, sql: &mut QueryBuilder<'_, Postgres>) {
        match self {
            Self::All => {}
            Self::Domain(domain) => {
                sql.push(" AND a.domain_id = ").push_bind(domain.uuid());
            }
            Self::Customers(customers) => {
                let customers: Vec<_> = customers.iter().map(|customer| customer.uuid()).collect();
                sql.push(" AND a.customer_id = ANY(").push_bind(customers).push(")");
            }
        }
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

/// Whether the viewer may see the entry at this position.
///
/// # Errors
/// The database's.
pub async fn is_visible(c: &mut PgConnection, position: i64, visible: &Visible) -> Result<bool, sqlx::Error> {
    let mut sql = QueryBuilder::new("SELECT EXISTS (SELECT FROM audit a WHERE a.position = ");
    sql.push_bind(position);
    visible.narrow(&mut sql);
    sql.push(")").build_query_scalar().fetch_one(c).await
}
