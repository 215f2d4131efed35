//! Single customers, for decisions.

use aggregates::{
    ids::{CustomerId, DomainId},
    values::{ShortName, Timestamp},
};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow};
use uuid::Uuid;

/// One customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRow {
    /// Its id.
    pub id: CustomerId,
    /// Its integer id.
    pub number: i64,
    /// Its domain.
    pub domain: DomainId,
    /// The customer above; none for the domain's root.
    pub parent: Option<CustomerId>,
    /// Its name in references.
    pub short_name: String,
    /// Its name to show.
    pub name: String,
    /// Whether it was disabled itself; one above it may be as well.
    pub disabled: bool,
    /// When it began.
    pub created_at: Timestamp,
}

impl FromRow<'_, PgRow> for CustomerRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: CustomerId::new(row.try_get("id")?),
            number: row.try_get("number")?,
            domain: DomainId::new(row.try_get("domain_id")?),
            parent: row.try_get::<Option<Uuid>, _>("parent_id")?.map(CustomerId::new),
            short_name: row.try_get("short_name")?,
            name: row.try_get("name")?,
            disabled: row.try_get("disabled")?,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
        })
    }
}

/// The customer with this id.
pub async fn find_by_id(c: &mut PgConnection, id: CustomerId) -> Result<Option<CustomerRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM customers WHERE id = $1").bind(id.uuid()).fetch_optional(c).await
}

/// The customer with this integer id.
pub async fn find_by_number(c: &mut PgConnection, number: i64) -> Result<Option<CustomerRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM customers WHERE number = $1").bind(number).fetch_optional(c).await
}

/// The customer of a domain with this short name, in any case.
pub async fn find_by_short_name(
    c: &mut PgConnection,
    domain: DomainId,
    name: &ShortName,
) -> Result<Option<CustomerRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM customers WHERE domain_id = $1 AND lower(short_name) = $2")
        .bind(domain.uuid())
        .bind(name.folded())
        .fetch_optional(c)
        .await
}

/// The customers of a domain that have no parent: one, or none as long as the domain is empty.
pub async fn list_roots(c: &mut PgConnection, domain: DomainId) -> Result<Vec<CustomerRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM customers WHERE domain_id = $1 AND parent_id IS NULL ORDER BY number")
        .bind(domain.uuid())
        .fetch_all(c)
        .await
}

/// The customers of a domain, in the order of numbers.
pub async fn list(c: &mut PgConnection, domain: DomainId) -> Result<Vec<CustomerRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM customers WHERE domain_id = $1 ORDER BY number")
        .bind(domain.uuid())
        .fetch_all(c)
        .await
}

/// Whether a customer exists in a domain and neither it nor any above it is disabled.
pub async fn is_open(c: &mut PgConnection, id: CustomerId, domain: DomainId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM customers WHERE id = $1 AND domain_id = $2) AND NOT EXISTS (
            SELECT FROM customers_above($1) a JOIN customers c ON c.id = a.customer_id WHERE c.disabled)",
    )
    .bind(id.uuid())
    .bind(domain.uuid())
    .fetch_one(c)
    .await
}

/// Whether a customer is `top` or lies below it.
pub async fn is_within(c: &mut PgConnection, id: CustomerId, top: CustomerId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT $2 IN (SELECT a.customer_id FROM customers_above($1) a)")
        .bind(id.uuid())
        .bind(top.uuid())
        .fetch_one(c)
        .await
}
