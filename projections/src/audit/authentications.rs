//! What the trail knows of signing in: who got in, who did not, who was shut out or let in again. The latest first.

use super::Visible;
use crate::{
    infos::{CustomerInfo, SubjectInfo, customer_info, user_info},
    search::Found,
};
use aggregates::{
    ids::{CustomerId, UserId},
    values::Timestamp,
};
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// Which entries are asked for; nothing set = all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// About this user.
    pub user: Option<UserId>,
    /// About these customers and those below them.
    pub customers: Option<Vec<CustomerId>>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Not after.
    pub until: Option<Timestamp>,
    /// How many at most.
    pub limit: i64,
    /// How many to skip.
    pub offset: i64,
}

/// An entry, with the names of what it is about.
#[derive(Debug, Clone, Deserialize)]
pub struct Authentication {
    /// Its place in the log.
    pub position: i64,
    /// When.
    pub at: Timestamp,
    /// `sign_in.succeeded`, `sign_in.repeated`, `sign_in.refused`, `user.blocked` or `user.unblocked`.
    pub action: String,
    /// Why it was refused.
    pub reason: Option<String>,
    /// How the user proved who they are.
    pub method: Option<String>,
    /// From where.
    pub ip: Option<String>,
    /// Who, when that is known.
    pub user: Option<SubjectInfo>,
    /// The user's customer.
    pub customer: Option<CustomerInfo>,
}

/// `$1` visible customers, `$2` visible domain, `$3` user, `$4` customers asked for, `$5` since, `$6` until.
const FOUND: &str = "FROM audit a
    WHERE a.action IN ('sign_in.succeeded', 'sign_in.repeated', 'sign_in.refused', 'user.blocked', 'user.unblocked')
      AND ($1::uuid[] IS NULL OR a.customer_id = ANY($1)) AND ($2::uuid IS NULL OR a.domain_id = $2)
      AND ($3::uuid IS NULL OR a.user_id = $3)
      AND ($4::uuid[] IS NULL OR a.customer_id IN
        (SELECT w.customer_id FROM unnest($4) t (id) CROSS JOIN LATERAL customers_within(t.id) w))
      AND ($5::bigint IS NULL OR a.at >= $5) AND ($6::bigint IS NULL OR a.at <= $6)";

/// Finds entries.
///
/// # Errors
/// The database's.
pub async fn list_authentications(
    c: &mut PgConnection,
    wanted: &Wanted,
    visible: &Visible,
) -> Result<Found<Authentication>, sqlx::Error> {
    let (customers, domain) = visible.bounds();
    let asked: Option<Vec<Uuid>> = wanted.customers.as_ref().map(|asked| asked.iter().map(|id| id.uuid()).collect());
    let (user, customer) = (user_info("p.user_id"), customer_info("p.customer_id"));
    let sql = format!(
        "SELECT (SELECT count(*) {FOUND}) AS count, (
            SELECT COALESCE(jsonb_agg(jsonb_build_object('position', p.position, 'at', p.at, 'action', p.action,
                'reason', p.reason, 'method', p.method, 'ip', host(p.ip), 'user', {user}, 'customer', {customer})
                ORDER BY p.position DESC), '[]')
            FROM (SELECT a.* {FOUND} ORDER BY a.position DESC LIMIT $7 OFFSET $8) p) AS rows"
    );
    let (count, Json(rows)) = sqlx::query_as(&sql)
        .bind(customers)
        .bind(domain)
        .bind(wanted.user.map(UserId::uuid))
        .bind(asked)
        .bind(wanted.since.map(Timestamp::millis))
        .bind(wanted.until.map(Timestamp::millis))
        .bind(wanted.limit)
        .bind(wanted.offset)
        .fetch_one(c)
        .await?;
    Ok(Found { rows, count })
}
