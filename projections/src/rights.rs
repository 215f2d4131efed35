//! What a caller may do, computed live from permissions, functions, customers and groups (migrations/0010_rights.sql). There
//! is no table: nothing can lag.

use aggregates::ids::{CustomerId, DomainId, FunctionId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

/// A caller's rights: the user's own, narrowed for a delegated token to what the client's permission scope implies and to what
/// lies below the client's customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// Whose rights.
    pub user: UserId,
    /// Only what this function implies; `None`: not narrowed.
    pub scope: Option<FunctionId>,
    /// Only what lies below this customer; `None`: not narrowed.
    pub customer: Option<CustomerId>,
}

impl Rights {
    /// All that a user may do.
    #[must_use]
    pub const fn of(user: UserId) -> Self {
        Self { user, scope: None, customer: None }
    }

    fn bounds(&self) -> (Uuid, Option<Uuid>, Option<Uuid>) {
        (self.user.uuid(), self.scope.map(FunctionId::uuid), self.customer.map(CustomerId::uuid))
    }
}

/// Whether the caller holds a function, named by its short name, for a customer of the domain; `None`: for any of them.
pub async fn holds(
    c: &mut PgConnection,
    rights: &Rights,
    function: &str,
    customer: Option<CustomerId>,
    domain: DomainId,
) -> Result<bool, sqlx::Error> {
    let (user, scope, narrowed) = rights.bounds();
    let sql = "SELECT EXISTS (SELECT FROM functions f WHERE lower(f.short_name) = lower($4) 
        AND EXISTS (SELECT FROM holds($1, $2, $3, f.id, $5, $6)))";
    sqlx::query_scalar(sql)
        .bind(user)
        .bind(scope)
        .bind(narrowed)
        .bind(function)
        .bind(customer.map(CustomerId::uuid))
        .bind(domain.uuid())
        .fetch_one(c)
        .await
}

/// `$1` user, `$2` scope, `$3` narrowing customer, `$4` domain; `wanted` an expression for the function.
fn everywhere(wanted: &str) -> String {
    format!(
        "(EXISTS (SELECT FROM customers r WHERE r.domain_id = $4 AND r.parent_id IS NULL) AND NOT EXISTS (
            SELECT FROM customers r WHERE r.domain_id = $4 AND r.parent_id IS NULL
            AND NOT EXISTS (SELECT FROM holds($1, $2, $3, {wanted}, r.id, $4))))"
    )
}

/// Whether the caller holds a function for every root customer of the domain, thus for all its customers.
pub async fn holds_everywhere(
    c: &mut PgConnection,
    rights: &Rights,
    function: &str,
    domain: DomainId,
) -> Result<bool, sqlx::Error> {
    let (user, scope, narrowed) = rights.bounds();
    let sql = format!(
        "SELECT EXISTS (SELECT FROM functions f WHERE lower(f.short_name) = lower($5) AND {})",
        everywhere("f.id")
    );
    sqlx::query_scalar(&sql).bind(user).bind(scope).bind(narrowed).bind(domain.uuid()).bind(function).fetch_one(c).await
}

/// Whether the caller may hand out `scope`: holds it for `customer`, or everywhere when `None`, and within the own narrowing.
/// To hold all that a role implies is not to hold the role, which may imply more tomorrow.
pub async fn covers(
    c: &mut PgConnection,
    rights: &Rights,
    scope: FunctionId,
    customer: Option<CustomerId>,
    domain: DomainId,
) -> Result<bool, sqlx::Error> {
    let (user, own_scope, narrowed) = rights.bounds();
    let all = everywhere("$5");
    let sql = format!(
        "SELECT CASE WHEN $6::uuid IS NULL THEN {all} 
        ELSE EXISTS (SELECT FROM holds($1, $2, $3, $5, $6, $4)) END"
    );
    sqlx::query_scalar(&sql)
        .bind(user)
        .bind(own_scope)
        .bind(narrowed)
        .bind(domain.uuid())
        .bind(scope.uuid())
        .bind(customer.map(CustomerId::uuid))
        .fetch_one(c)
        .await
}

/// The customers, of whatever domain, for which the caller holds a function, in the order of ids.
pub async fn customers_where(
    c: &mut PgConnection,
    rights: &Rights,
    function: &str,
) -> Result<Vec<CustomerId>, sqlx::Error> {
    let (user, scope, narrowed) = rights.bounds();
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "SELECT r.customer_id FROM functions f JOIN rights_of($1) r ON r.function_id = f.id
         WHERE lower(f.short_name) = lower($4)
           AND ($2::uuid IS NULL OR f.id IN (SELECT w.function_id FROM functions_within($2) w))
           AND ($3::uuid IS NULL OR r.customer_id IN (SELECT w.customer_id FROM customers_within($3) w))
         ORDER BY r.customer_id",
    )
    .bind(user)
    .bind(scope)
    .bind(narrowed)
    .bind(function)
    .fetch_all(c)
    .await?;
    Ok(ids.into_iter().map(CustomerId::new).collect())
}
