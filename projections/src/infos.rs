//! Objects of the API as they stand inside others: by number and name. Each has an SQL expression that makes its JSON from an
//! id, so that one statement can show whatever it shows with the names of what that refers to.

use aggregates::ids::SubjectId;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, types::Json};
use utoipa::ToSchema;

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DomainInfo {
    /// The integer id.
    pub id: i64,
    /// The name to show.
    pub name: String,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerInfo {
    /// The integer id.
    pub id: i64,
    /// The name in references.
    pub short_name: String,
    /// The name to show.
    pub name: String,
    /// The domain that it lies in.
    pub domain: DomainInfo,
}

/// A function or role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FunctionInfo {
    /// The integer id.
    pub id: i64,
    /// The short name, as that is what a reference accepts.
    pub name: String,
}

/// Which of the two a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SubjectType {
    /// A person or a technical account.
    User,
    /// A group of users and groups.
    Group,
}

/// A user or a group. No names once a person was erased. `userName` repeats a user's short name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubjectInfo {
    /// The integer id.
    pub id: i64,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: SubjectType,
    /// The name in references: a user's name to sign in with, a group's short name.
    pub short_name: Option<String>,
    /// Of a user, the same once more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The name to show.
    pub name: Option<String>,
    /// The customer that it belongs to.
    pub customer: CustomerInfo,
    /// The domain that it lies in.
    pub domain: DomainInfo,
    /// `deleted`, or nothing.
    pub flags: Vec<String>,
}

/// A user or a group as it stands inside other objects.
///
/// # Errors
/// When the database cannot answer.
pub async fn find_subject(c: &mut PgConnection, id: impl Into<SubjectId>) -> Result<Option<SubjectInfo>, sqlx::Error> {
    let sql = format!("SELECT {}", subject_info("$1"));
    let found: Option<Json<SubjectInfo>> = sqlx::query_scalar(&sql).bind(id.into().uuid()).fetch_one(c).await?;
    Ok(found.map(|Json(info)| info))
}

/// The user who acted, by the stored actor (`user:<uuid>`, `system:cli`); `None` for whoever was no user.
///
/// # Errors
/// When the database cannot answer.
pub async fn find_actor(c: &mut PgConnection, actor: &str) -> Result<Option<SubjectInfo>, sqlx::Error> {
    let sql = format!("SELECT {}", actor_info("$1::text"));
    let found: Option<Json<SubjectInfo>> = sqlx::query_scalar(&sql).bind(actor).fetch_one(c).await?;
    Ok(found.map(|Json(info)| info))
}

/// SQL for a [`DomainInfo`]; `id` is an expression for the domain's id.
#[must_use]
pub fn domain_info(id: &str) -> String {
    format!("(SELECT jsonb_build_object('id', d_.number, 'name', d_.name) FROM domains d_ WHERE d_.id = {id})")
}

/// SQL for a [`CustomerInfo`]; `id` is an expression for the customer's id.
#[must_use]
pub fn customer_info(id: &str) -> String {
    let domain = domain_info("k_.domain_id");
    format!(
        "(SELECT jsonb_build_object('id', k_.number, 'shortName', k_.short_name, 'name', k_.name, 'domain', {domain})
          FROM customers k_ WHERE k_.id = {id})"
    )
}

/// SQL for a [`FunctionInfo`]; `id` is an expression for the function's id.
#[must_use]
pub fn function_info(id: &str) -> String {
    format!("(SELECT jsonb_build_object('id', f_.number, 'name', f_.short_name) FROM functions f_ WHERE f_.id = {id})")
}

/// SQL for the [`SubjectInfo`] of a user; `id` is an expression for the user's id.
#[must_use]
pub fn user_info(id: &str) -> String {
    let (customer, domain) = (customer_info("u_.customer_id"), domain_info("u_.domain_id"));
    format!(
        "(SELECT jsonb_build_object('id', u_.number, 'type', 'user', 'shortName', u_.user_name, 'userName', u_.user_name,
            'name', u_.name, 'customer', {customer}, 'domain', {domain},
            'flags', CASE u_.status WHEN 'deleted' THEN '[\"deleted\"]'::jsonb ELSE '[]' END)
          FROM users u_ WHERE u_.id = {id})"
    )
}

/// SQL for the [`SubjectInfo`] of a group; `id` is an expression for the group's id.
#[must_use]
pub fn group_info(id: &str) -> String {
    let (customer, domain) = (customer_info("g_.customer_id"), domain_info("g_.domain_id"));
    format!(
        "(SELECT jsonb_build_object('id', g_.number, 'type', 'group', 'shortName', g_.short_name, 'name', g_.name,
            'customer', {customer}, 'domain', {domain},
            'flags', CASE WHEN g_.deleted THEN '[\"deleted\"]'::jsonb ELSE '[]' END)
          FROM groups g_ WHERE g_.id = {id})"
    )
}

/// SQL for the [`SubjectInfo`] of a user or a group, whichever has the id.
#[must_use]
pub fn subject_info(id: &str) -> String {
    format!("coalesce({}, {})", user_info(id), group_info(id))
}

/// SQL for the [`SubjectInfo`] of the user who acted; `actor` is an expression for a stored actor (`user:<uuid>`, `system:cli`).
/// Null for whoever was no user.
#[must_use]
pub fn actor_info(actor: &str) -> String {
    user_info(&format!("substring({actor} FROM '^user:(.*)$')::uuid"))
}
