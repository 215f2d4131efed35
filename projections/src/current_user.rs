//! What callers learn of themselves: their user, their groups, and what they may do.

use crate::{
    infos::{CustomerInfo, DomainInfo, customer_info, domain_info},
    rights::Rights,
};
use aggregates::values::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, types::Json};
use utoipa::ToSchema;

/// A user as they see themselves. No names, address or number once erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CurrentUser {
    /// The integer id.
    pub id: i64,
    /// The name to sign in with.
    pub user_name: Option<String>,
    /// The name to show.
    pub name: Option<String>,
    /// The address for mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
    /// The customer that the user belongs to.
    pub customer: CustomerInfo,
    /// The domain that the user lies in.
    pub domain: DomainInfo,
    /// `AUTH_LOCAL` with a password, else `PASSWORD_NOT_SET`; `AUTH_APIKEY` with an API key that works; `FORCE_PWCHANGE`.
    pub flags: Vec<String>,
    /// Always `ENGLISH`.
    pub language: String,
    /// Integer ids of the groups that the user is in, directly or not.
    #[serde(rename = "ascendantIDs")]
    pub ascendant_ids: Vec<i64>,
    /// When the user began, in milliseconds.
    pub created_timestamp: i64,
}

/// The user, with the groups of customers that the caller is not kept out of.
///
/// # Errors
/// The database's; `RowNotFound` when there is no such user.
pub async fn find(c: &mut PgConnection, rights: &Rights, now: Timestamp) -> Result<CurrentUser, sqlx::Error> {
    let sql = format!(
        "SELECT jsonb_build_object('id', u.number, 'userName', u.user_name, 'name', u.name, 'email', u.email, 'mobile', u.phone,
            'customer', {}, 'domain', {}, 'language', 'ENGLISH', 'createdTimestamp', u.created_at,
            'flags', to_jsonb(array_remove(ARRAY[
                CASE WHEN u.password_hash IS NULL THEN 'PASSWORD_NOT_SET' ELSE 'AUTH_LOCAL' END,
                CASE WHEN u.must_change_password THEN 'FORCE_PWCHANGE' END,
                CASE WHEN EXISTS (SELECT FROM api_keys k WHERE k.user_id = u.id AND NOT k.revoked AND k.expires_at > $2)
                    THEN 'AUTH_APIKEY' END], NULL)),
            'ascendantIDs', (SELECT coalesce(jsonb_agg(g.number ORDER BY g.number), '[]')
                FROM memberships_of(u.id) m JOIN groups g ON g.id = m.subject_id
                WHERE NOT EXISTS (SELECT FROM outside($3, g.customer_id))))
         FROM users u WHERE u.id = $1",
        customer_info("u.customer_id"),
        domain_info("u.domain_id")
    );
    let Json(found) = sqlx::query_scalar(&sql)
        .bind(rights.user.uuid())
        .bind(now.millis())
        .bind(rights.as_json())
        .fetch_one(c)
        .await?;
    Ok(found)
}

/// A group as its members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnGroup {
    /// The integer id.
    pub id: i64,
    /// Always `group`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The short name, as that is what a reference accepts.
    pub name: String,
    /// What it is for, in words.
    pub description: String,
    /// The customer that it belongs to.
    pub customer: CustomerInfo,
    /// The integer id of that customer.
    #[serde(rename = "customerID")]
    pub customer_id: i64,
    /// The domain that it lies in.
    pub domain: DomainInfo,
}

/// Part of a list, and how many there are in all.
pub type Part<T> = (Vec<T>, i64);

/// Which part: at most so many, after so many.
pub type Window = (i64, i64);

/// The groups that a user is in, directly or, with `ancestors`, by other groups, of customers that the caller is not kept out of; in
/// the order of numbers.
///
/// # Errors
/// The database's.
pub async fn list_groups(
    c: &mut PgConnection,
    rights: &Rights,
    ancestors: bool,
    (limit, offset): Window,
) -> Result<Part<OwnGroup>, sqlx::Error> {
    let sql = format!(
        "WITH own AS MATERIALIZED (
            SELECT g.* FROM memberships_of($1) m JOIN groups g ON g.id = m.subject_id
            WHERE ($2 OR EXISTS (SELECT FROM group_members d WHERE d.group_id = g.id AND d.member_id = $1))
            AND NOT EXISTS (SELECT FROM outside($3, g.customer_id)))
         SELECT (SELECT count(*) FROM own), (SELECT coalesce(jsonb_agg(shown.o), '[]') FROM (
            SELECT jsonb_build_object('id', g.number, 'type', 'group', 'name', g.short_name, 'description', g.description,
                'customer', {}, 'customerID', (SELECT k.number FROM customers k WHERE k.id = g.customer_id), 'domain', {}) AS o
            FROM own g ORDER BY g.number LIMIT $4 OFFSET $5) shown)",
        customer_info("g.customer_id"),
        domain_info("g.domain_id")
    );
    let (count, Json(page)): (i64, Json<Vec<OwnGroup>>) = sqlx::query_as(&sql)
        .bind(rights.user.uuid())
        .bind(ancestors)
        .bind(rights.as_json())
        .bind(limit)
        .bind(offset)
        .fetch_one(c)
        .await?;
    Ok((page, count))
}

/// Which customers a caller asks for.
#[derive(Debug, Clone, Default)]
pub struct CustomerQuery {
    /// Words that short name or name must hold, every one of them, in any case.
    pub keywords: Vec<String>,
    /// Short names or integer ids of functions that must be held there, every one of them; none: any function is enough.
    pub functions: Vec<String>,
    /// Which part.
    pub window: Window,
}

/// The customers for which the caller holds something, in the order of numbers.
///
/// # Errors
/// The database's.
pub async fn list_customers(
    c: &mut PgConnection,
    rights: &Rights,
    query: &CustomerQuery,
) -> Result<Part<CustomerInfo>, sqlx::Error> {
    let sql = format!(
        "WITH held AS MATERIALIZED (SELECT r.customer_id, r.function_id FROM rights_within($1, $2) r), own AS MATERIALIZED (
            SELECT k.id, k.number FROM customers k WHERE k.id IN (SELECT customer_id FROM held)
            AND NOT EXISTS (SELECT FROM unnest($3::text[]) word
                WHERE strpos(lower(k.short_name || E'\\n' || k.name), lower(word)) = 0)
            AND NOT EXISTS (SELECT FROM unnest($4::text[]) wanted WHERE NOT EXISTS (
                SELECT FROM held h JOIN functions f ON f.id = h.function_id
                WHERE h.customer_id = k.id AND lower(wanted) IN (lower(f.short_name), f.number::text))))
         SELECT (SELECT count(*) FROM own), (SELECT coalesce(jsonb_agg(shown.o), '[]') FROM (
            SELECT {} AS o FROM own k ORDER BY k.number LIMIT $5 OFFSET $6) shown)",
        customer_info("k.id")
    );
    let (limit, offset) = query.window;
    let (count, Json(page)): (i64, Json<Vec<CustomerInfo>>) = sqlx::query_as(&sql)
        .bind(rights.user.uuid())
        .bind(rights.as_json())
        .bind(&query.keywords)
        .bind(&query.functions)
        .bind(limit)
        .bind(offset)
        .fetch_one(c)
        .await?;
    Ok((page, count))
}
