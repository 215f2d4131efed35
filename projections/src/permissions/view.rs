//! A permission as the API shows it, written as JSON by the statement that finds it.

use crate::{
    functions::{BasicFunction, basic_function},
    infos::{CustomerInfo, FunctionInfo, SubjectInfo, actor_info, customer_info, function_info, subject_info},
};
use aggregates::{
    ids::{CustomerId, FunctionId, SubjectId},
    values::Permission,
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Row, postgres::PgRow, types::Json};
use utoipa::ToSchema;

/// A function that a user or a group holds for a customer. Of a permission that was taken back only the call that did it shows
/// how it was; after that it is history, which the audit trail tells.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PermissionView {
    /// The integer id.
    pub id: i64,
    /// Who holds it.
    pub subject: SubjectInfo,
    /// What may be done.
    pub function: FunctionInfo,
    /// The same in more words.
    pub function_info: BasicFunction,
    /// For whom, with all below it.
    pub customer: CustomerInfo,
    /// `deleted` in the answer of the call that took it back.
    pub flags: Vec<String>,
    /// When it was granted, in milliseconds.
    pub granted_timestamp: i64,
    /// By which user; null: by the command line.
    pub granted_by_user: Option<SubjectInfo>,
    /// Why, in the words of who granted it.
    pub grant_comment: Option<String>,
    /// When it was taken back, in milliseconds.
    pub revoked_timestamp: Option<i64>,
    /// By which user.
    pub revoked_by_user: Option<SubjectInfo>,
    /// Why, in the words of who took it back.
    pub revoke_comment: Option<String>,
    /// The UUID of the subject, which no answer shows.
    #[serde(skip)]
    pub subject_id: SubjectId,
    /// The UUID of the function.
    #[serde(skip)]
    pub function_id: FunctionId,
    /// The UUID of the customer.
    #[serde(skip)]
    pub customer_id: CustomerId,
}

impl PermissionView {
    /// What the subject holds.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        Permission { function: self.function_id, customer: self.customer_id }
    }
}

impl FromRow<'_, PgRow> for PermissionView {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let Json(shown): Json<Self> = row.try_get("shown")?;
        Ok(Self {
            subject_id: SubjectId::new(row.try_get("subject_id")?),
            function_id: FunctionId::new(row.try_get("function_id")?),
            customer_id: CustomerId::new(row.try_get("customer_id")?),
            ..shown
        })
    }
}

/// Everything that a [`PermissionView`] needs, from the permissions `p` and their functions `f`.
pub(super) fn columns() -> String {
    let (subject, function, customer) =
        (subject_info("p.subject_id"), function_info("p.function_id"), customer_info("p.customer_id"));
    let (basic, granted_by) = (basic_function(), actor_info("p.granted_by"));
    format!(
        "p.subject_id, p.function_id, p.customer_id, jsonb_build_object('id', p.number, 'subject', {subject},
            'function', {function}, 'functionInfo', {basic}, 'customer', {customer}, 'flags', '[]'::jsonb,
            'grantedTimestamp', p.granted_at, 'grantedByUser', {granted_by}, 'grantComment', p.comment) AS shown"
    )
}
