//! What a caller may do, computed live from permissions, functions, customers and groups (migrations/0010_rights.sql). There
//! is no table: nothing can lag.

use crate::{
    infos::{CustomerInfo, customer_info},
    users,
};
use aggregates::{
    ids::{CustomerId, DomainId, FunctionId, SubjectId, UserId},
    values::{Constraints, Permission},
};
use sqlx::{PgConnection, types::Json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A caller's rights: the user's own, within every one of the bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    /// Whose rights.
    pub user: UserId,
    /// What narrows them: the constraints of an API key or a session, the permission scope and customer of a client.
    pub bounds: Vec<Constraints>,
}

impl Rights {
    /// All that a user may do.
    #[must_use]
    pub const fn of(user: UserId) -> Self {
        Self { user, bounds: Vec::new() }
    }

    /// The same rights within one more bound.
    #[must_use]
    pub fn within(mut self, bound: Constraints) -> Self {
        self.bounds.push(bound);
        self
    }

    /// What was delegated to a client: no more than its permission scope, for its customer if it has one.
    #[must_use]
    pub fn delegated(self, scope: FunctionId, customer: Option<CustomerId>) -> Self {
        let customers = customer.map(|customer| BTreeSet::from([customer]));
        self.within(Constraints { functions: Some(BTreeSet::from([scope])), customers, read_only: false })
    }

    /// Whether nothing may be changed.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.bounds.iter().any(|bound| bound.read_only)
    }

    /// Whether these are all the rights that the user has.
    #[must_use]
    pub fn are_whole(&self) -> bool {
        self.bounds.iter().all(|bound| *bound == Constraints::default())
    }

    /// The bounds as SQL takes them.
    #[must_use]
    pub const fn as_json(&self) -> Json<&Vec<Constraints>> {
        Json(&self.bounds)
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
    let sql = "SELECT EXISTS (SELECT FROM functions f WHERE lower(f.short_name) = lower($3) AND NOT f.deleted
        AND EXISTS (SELECT FROM holds($1, $2, f.id, $4, $5)))";
    sqlx::query_scalar(sql)
        .bind(rights.user.uuid())
        .bind(rights.as_json())
        .bind(function)
        .bind(customer.map(CustomerId::uuid))
        .bind(domain.uuid())
        .fetch_one(c)
        .await
}

/// The same for the customer that a user belongs to by now.
pub async fn holds_over(
    c: &mut PgConnection,
    rights: &Rights,
    function: &str,
    user: UserId,
) -> Result<bool, sqlx::Error> {
    let Some(user) = users::find_by_id(c, user).await? else { return Ok(false) };
    holds(c, rights, function, Some(user.customer), user.domain).await
}

/// The same for a function that is known.
pub async fn holds_function(
    c: &mut PgConnection,
    rights: &Rights,
    function: FunctionId,
    customer: Option<CustomerId>,
    domain: DomainId,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM holds($1, $2, $3, $4, $5))")
        .bind(rights.user.uuid())
        .bind(rights.as_json())
        .bind(function.uuid())
        .bind(customer.map(CustomerId::uuid))
        .bind(domain.uuid())
        .fetch_one(c)
        .await
}

/// The same for a customer that may be disabled, for which nobody holds anything: for it, or for one above it.
pub async fn holds_above(
    c: &mut PgConnection,
    rights: &Rights,
    function: &str,
    customer: CustomerId,
    domain: DomainId,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT EXISTS (SELECT FROM functions f CROSS JOIN LATERAL customers_above($4) a
        CROSS JOIN LATERAL holds($1, $2, f.id, a.customer_id, $5) WHERE lower(f.short_name) = lower($3) AND NOT f.deleted)";
    sqlx::query_scalar(sql)
        .bind(rights.user.uuid())
        .bind(rights.as_json())
        .bind(function)
        .bind(customer.uuid())
        .bind(domain.uuid())
        .fetch_one(c)
        .await
}

/// `$1` user, `$2` bounds, `$3` domain; `wanted` an expression for the function.
fn everywhere(wanted: &str) -> String {
    format!(
        "(EXISTS (SELECT FROM customers r WHERE r.domain_id = $3 AND r.parent_id IS NULL) AND NOT EXISTS (
            SELECT FROM customers r WHERE r.domain_id = $3 AND r.parent_id IS NULL
            AND NOT EXISTS (SELECT FROM holds($1, $2, {wanted}, r.id, $3))))"
    )
}

/// Whether the caller holds a function for every root customer of the domain, thus for all its customers.
pub async fn holds_everywhere(
    c: &mut PgConnection,
    rights: &Rights,
    function: &str,
    domain: DomainId,
) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "SELECT EXISTS (SELECT FROM functions f WHERE lower(f.short_name) = lower($4) AND NOT f.deleted AND {})",
        everywhere("f.id")
    );
    sqlx::query_scalar(&sql)
        .bind(rights.user.uuid())
        .bind(rights.as_json())
        .bind(domain.uuid())
        .bind(function)
        .fetch_one(c)
        .await
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
    let all = everywhere("$4");
    let sql =
        format!("SELECT CASE WHEN $5::uuid IS NULL THEN {all} ELSE EXISTS (SELECT FROM holds($1, $2, $4, $5, $3)) END");
    sqlx::query_scalar(&sql)
        .bind(rights.user.uuid())
        .bind(rights.as_json())
        .bind(domain.uuid())
        .bind(scope.uuid())
        .bind(customer.map(CustomerId::uuid))
        .fetch_one(c)
        .await
}

/// Whether the caller may take back a permission: holds it, for its customer or, as that may be disabled, for one above it.
pub async fn covers_permission(
    c: &mut PgConnection,
    rights: &Rights,
    permission: Permission,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM customers k CROSS JOIN LATERAL customers_above(k.id) a
            CROSS JOIN LATERAL holds($1, $2, $3, a.customer_id, k.domain_id) WHERE k.id = $4)",
    )
    .bind(rights.user.uuid())
    .bind(rights.as_json())
    .bind(permission.function.uuid())
    .bind(permission.customer.uuid())
    .fetch_one(c)
    .await
}

/// Whether the caller may hand out all that a user or a group was granted, itself and by every group around it. What was granted
/// for a disabled customer is covered by whoever holds it for an open one above.
pub async fn covers_subject(
    c: &mut PgConnection,
    rights: &Rights,
    subject: impl Into<SubjectId>,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT NOT EXISTS (
            SELECT FROM memberships_of($3) s JOIN permissions p ON p.subject_id = s.subject_id
            JOIN customers k ON k.id = p.customer_id
            WHERE NOT EXISTS (SELECT FROM customers_above(p.customer_id) a
                CROSS JOIN LATERAL holds($1, $2, p.function_id, a.customer_id, k.domain_id)))",
    )
    .bind(rights.user.uuid())
    .bind(rights.as_json())
    .bind(subject.into().uuid())
    .fetch_one(c)
    .await
}

/// Whether the caller holds, for a customer, all that anybody was granted for it or for one above it: who answers to its name may then
/// change, as what applications ask by name stays within what the caller has.
pub async fn covers_place(c: &mut PgConnection, rights: &Rights, customer: CustomerId) -> Result<bool, sqlx::Error> {
    covers_granted(c, rights, (customer, customer), "").await
}

/// Whether the caller holds, for a customer, all that it would come under below another parent and is not under yet.
pub async fn covers_move(
    c: &mut PgConnection,
    rights: &Rights,
    customer: CustomerId,
    parent: CustomerId,
) -> Result<bool, sqlx::Error> {
    let new = "AND p.customer_id NOT IN (SELECT b.customer_id FROM customers_above($3) b)";
    covers_granted(c, rights, (customer, parent), new).await
}

/// Of what was granted at `top` or above it, the caller holds all for `customer`, or for an open one above it.
async fn covers_granted(
    c: &mut PgConnection,
    rights: &Rights,
    (customer, top): (CustomerId, CustomerId),
    among: &str,
) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "SELECT NOT EXISTS (
            SELECT FROM customers_above($4) t JOIN permissions p ON p.customer_id = t.customer_id
            JOIN customers k ON k.id = p.customer_id
            WHERE NOT EXISTS (SELECT FROM customers_above($3) a
                CROSS JOIN LATERAL holds($1, $2, p.function_id, a.customer_id, k.domain_id)) {among})"
    );
    sqlx::query_scalar(&sql)
        .bind(rights.user.uuid())
        .bind(rights.as_json())
        .bind(customer.uuid())
        .bind(top.uuid())
        .fetch_one(c)
        .await
}

/// The customers, of whatever domain, for which the caller holds a function, in the order of ids.
pub async fn customers_where(
    c: &mut PgConnection,
    rights: &Rights,
    function: &str,
) -> Result<Vec<CustomerId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "SELECT r.customer_id FROM functions f JOIN rights_within($1, $2) r ON r.function_id = f.id
         WHERE lower(f.short_name) = lower($3) AND NOT f.deleted ORDER BY r.customer_id",
    )
    .bind(rights.user.uuid())
    .bind(rights.as_json())
    .bind(function)
    .fetch_all(c)
    .await?;
    Ok(ids.into_iter().map(CustomerId::new).collect())
}

/// The ids of every customer for which the caller holds some function.
pub async fn list_customer_ids(c: &mut PgConnection, rights: &Rights) -> Result<Vec<CustomerId>, sqlx::Error> {
    let sql = "SELECT DISTINCT r.customer_id FROM rights_within($1, $2) r ORDER BY r.customer_id";
    let ids: Vec<Uuid> = sqlx::query_scalar(sql).bind(rights.user.uuid()).bind(rights.as_json()).fetch_all(c).await?;
    Ok(ids.into_iter().map(CustomerId::new).collect())
}

/// Every customer for which the caller holds some function, in the order of numbers.
pub async fn list_customers(c: &mut PgConnection, rights: &Rights) -> Result<Vec<CustomerInfo>, sqlx::Error> {
    let sql = format!(
        "SELECT {} FROM customers k
         WHERE k.id IN (SELECT r.customer_id FROM rights_within($1, $2) r) ORDER BY k.number",
        customer_info("k.id")
    );
    let rows: Vec<Json<CustomerInfo>> =
        sqlx::query_scalar(&sql).bind(rights.user.uuid()).bind(rights.as_json()).fetch_all(c).await?;
    Ok(rows.into_iter().map(|Json(info)| info).collect())
}
