//! A user or a group as the API shows it, written as JSON by the statement that finds it.

use crate::infos::{
    CustomerInfo, DomainInfo, SubjectInfo, SubjectType, actor_info, customer_info, domain_info, group_info,
};
use aggregates::{
    ids::{CustomerId, DomainId, SubjectId},
    values::Phone,
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Row, postgres::PgRow, types::Json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A telephone number in the two parts that the API knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PhoneNumber {
    /// Digits, with a leading `+`.
    pub country_code: String,
    /// Digits.
    pub national_number: String,
}

/// A user or a group. Of a user who was erased no names are left.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// The integer id; no user has the number of a group.
    pub id: i64,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: SubjectType,
    /// The name in references: a user's name to sign in with, a group's short name.
    pub short_name: Option<String>,
    /// The name to show.
    pub name: Option<String>,
    /// Who or what it is, in words.
    pub description: String,
    /// The customer that it belongs to.
    pub customer: CustomerInfo,
    /// The domain that it lies in.
    pub domain: DomainInfo,
    /// `deleted`; of users also `blocked`, `forcePasswordChange`, `passwordNotSet`, `daemonAccount`.
    pub flags: Vec<String>,
    /// Of a user: the e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Of a user: the telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Of a user: the telephone number in parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneNumber>,
    /// Of a user: always `english`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The groups that it is in directly, as far as the caller sees groups.
    pub member_of: Vec<SubjectInfo>,
    /// When it was made, in milliseconds.
    pub created_timestamp: i64,
    /// By which user; null: by the command line.
    pub created_by_user: Option<SubjectInfo>,
    /// When it was changed last, in milliseconds.
    pub last_updated_timestamp: i64,
    /// By which user; null: by the command line.
    pub last_updated_by_user: Option<SubjectInfo>,
    /// When it was deleted, in milliseconds.
    pub deleted_timestamp: Option<i64>,
    /// By which user; null: by the command line.
    pub deleted_by_user: Option<SubjectInfo>,
    /// The UUID, which no answer shows.
    #[serde(skip)]
    pub subject: SubjectId,
    /// The UUID of the customer.
    #[serde(skip)]
    pub customer_id: CustomerId,
    /// The UUID of the domain.
    #[serde(skip)]
    pub domain_id: DomainId,
}

impl FromRow<'_, PgRow> for Subject {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let Json(shown): Json<Self> = row.try_get("shown")?;
        let phone = shown.phone_number.as_deref().and_then(|number| number.parse::<Phone>().ok()).map(|number| {
            let (country_code, national_number) = number.parts();
            PhoneNumber { country_code: country_code.to_owned(), national_number: national_number.to_owned() }
        });
        let id: Uuid = row.try_get("id")?;
        Ok(Self {
            phone,
            subject: SubjectId::new(id),
            customer_id: CustomerId::new(row.try_get("customer_id")?),
            domain_id: DomainId::new(row.try_get("domain_id")?),
            ..shown
        })
    }
}

/// Everything that a [`Subject`] needs, from the subjects `s` in sight.
pub(crate) fn columns() -> String {
    format!("s.id, s.customer_id, s.domain_id, {} AS shown", shown())
}

/// SQL for the JSON of a [`Subject`] from `s`.
pub(crate) fn shown() -> String {
    let (customer, domain, group) =
        (customer_info("s.customer_id"), domain_info("s.domain_id"), group_info("m.group_id"));
    let [created_by, deleted_by] = ["s.created_by", "s.deleted_by"].map(actor_info);
    let updated_by = actor_info("coalesce(s.updated_by, s.created_by)");
    let flags = ["deleted", "blocked", "forcePasswordChange", "passwordNotSet", "daemonAccount"]
        .iter()
        .zip(["s.deleted", "s.blocked", "s.must_change", "s.passwordless", "s.daemon"])
        .map(|(flag, condition)| format!("CASE WHEN {condition} THEN '{flag}' END"))
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "jsonb_build_object('id', s.number, 'type', s.type, 'shortName', s.short_name, 'name', s.name,
            'description', s.description, 'customer', {customer}, 'domain', {domain},
            'flags', to_jsonb(array_remove(ARRAY[{flags}], NULL)), 'email', s.email, 'phoneNumber', s.phone,
            'language', CASE s.type WHEN 'user' THEN 'english' END,
            'memberOf', (SELECT coalesce(jsonb_agg({group} ORDER BY g.number), '[]')
                FROM group_members m JOIN groups g ON g.id = m.group_id AND NOT g.deleted
                WHERE m.member_id = s.id AND g.customer_id IN (SELECT id FROM seen_groups)),
            'createdTimestamp', s.created_at, 'createdByUser', {created_by},
            'lastUpdatedTimestamp', coalesce(s.updated_at, s.created_at), 'lastUpdatedByUser', {updated_by},
            'deletedTimestamp', s.deleted_at, 'deletedByUser', {deleted_by})"
    )
}
