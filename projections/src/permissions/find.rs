//! Permissions, searched and looked up, within what a caller sees: those for customers for which the caller may view them.

use super::{
    criteria::Search,
    view::{PermissionView, columns},
};
use crate::{
    customers::seen,
    rights::Rights,
    search::{Found, Query},
};
use aggregates::{
    ids::{CustomerId, FunctionId, SubjectId},
    values::Permission,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What was granted to a subject itself.
pub async fn list_by_subject(c: &mut PgConnection, subject: SubjectId) -> Result<Vec<Permission>, sqlx::Error> {
    let sql =
        "SELECT function_id, customer_id FROM permissions WHERE subject_id = $1 ORDER BY function_id, customer_id";
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(sql).bind(subject.uuid()).fetch_all(c).await?;
    let permission =
        |(function, customer)| Permission { function: FunctionId::new(function), customer: CustomerId::new(customer) };
    Ok(rows.into_iter().map(permission).collect())
}

/// The permissions in sight that meet the search; `viewed`: the customers for which the caller may view permissions.
///
/// # Errors
/// When the database cannot answer.
pub async fn search(
    c: &mut PgConnection,
    viewed: &[CustomerId],
    search: &Search,
) -> Result<Found<PermissionView>, sqlx::Error> {
    search.fetch(c, |columns| shown(viewed, columns), (&columns(), "p.number")).await
}

/// How a permission is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Known {
    /// By its integer id.
    Number(i64),
    /// By who holds what.
    Triple(SubjectId, Permission),
}

/// The permission in sight that is meant.
///
/// # Errors
/// When the database cannot answer.
pub async fn find(
    c: &mut PgConnection,
    viewed: &[CustomerId],
    known: Known,
) -> Result<Option<PermissionView>, sqlx::Error> {
    let mut q = shown(viewed, &columns());
    match known {
        Known::Number(number) => {
            q.push(" AND p.number = ").push_bind(number);
        }
        Known::Triple(subject, Permission { function, customer }) => {
            q.push(" AND p.subject_id = ").push_bind(subject.uuid());
            q.push(" AND p.function_id = ").push_bind(function.uuid());
            q.push(" AND p.customer_id = ").push_bind(customer.uuid());
        }
    }
    q.build_query_as().fetch_optional(c).await
}

/// What a caller was granted, with `inherited` also by way of groups, and may use as it was granted: what narrows the caller leaves
/// out whatever goes beyond. In the order of numbers; `limit` at most, after `offset`.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_granted(
    c: &mut PgConnection,
    rights: &Rights,
    inherited: bool,
    (limit, offset): (i64, i64),
) -> Result<Found<PermissionView>, sqlx::Error> {
    let own = "FROM permissions p JOIN functions f ON f.id = p.function_id
         WHERE (p.subject_id = $1 OR ($2 AND p.subject_id IN (SELECT m.subject_id FROM memberships_of($1) m)))
         AND NOT EXISTS (SELECT FROM violated($3, p.function_id, p.customer_id))";
    let (user, bounds) = (rights.user.uuid(), rights.as_json());
    let page = format!("SELECT {} {own} ORDER BY p.number LIMIT $4 OFFSET $5", columns());
    let page = sqlx::query_as(&page).bind(user).bind(inherited).bind(bounds).bind(limit).bind(offset);
    let rows = page.fetch_all(&mut *c).await?;
    let count = format!("SELECT count(*) {own}");
    let count = sqlx::query_scalar(&count).bind(user).bind(inherited).bind(bounds).fetch_one(c).await?;
    Ok(Found { rows, count })
}

fn shown<'q>(viewed: &[CustomerId], columns: &str) -> Query<'q> {
    let mut q = seen(viewed);
    q.push("SELECT ").push(columns).push(" FROM permissions p JOIN functions f ON f.id = p.function_id");
    q.push(" JOIN customers k ON k.id = p.customer_id WHERE p.customer_id IN (SELECT s.id FROM seen s)");
    q
}
