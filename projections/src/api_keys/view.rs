//! API keys as they are shown: with the names of what constrains them, who made them, and when they were last used.

use crate::infos::{CustomerInfo, FunctionInfo, SubjectInfo, actor_info, customer_info, function_info};
use aggregates::{
    ids::UserId,
    values::{ApiKeyPrefix, IpRanges, Sealed, Timestamp},
};
use serde::Deserialize;
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow, types::Json};

/// An API key that may be used, without the hash of its secret.
#[derive(Debug, Clone, Deserialize)]
pub struct ApiKeyView {
    /// The public part: `1ab/2c`.
    pub prefix: ApiKeyPrefix,
    /// What it is for, in words.
    pub description: String,
    /// From where it may be used.
    pub sources: IpRanges,
    /// The functions that it is narrowed to.
    pub functions: Option<Vec<FunctionInfo>>,
    /// The customers that it is narrowed to.
    pub customers: Option<Vec<CustomerInfo>>,
    /// It may not change anything.
    pub read_only: bool,
    /// The user who made it; none when nobody did over this API.
    pub created_by: Option<SubjectInfo>,
    /// When it began.
    pub created_at: Timestamp,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// When it was last used, as far as that was written down.
    pub used_at: Option<Timestamp>,
    /// From where.
    pub used_from: Option<Sealed>,
    /// The owner's wrapped data key, which opens that.
    #[serde(skip)]
    pub personal_key: Option<Vec<u8>>,
}

impl FromRow<'_, PgRow> for ApiKeyView {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let view: Json<Self> = row.try_get("view")?;
        Ok(Self { personal_key: row.try_get("wrapped")?, ..view.0 })
    }
}

/// `$1` the user, `$2` the time.
fn select() -> String {
    let (functions, customers) = (function_info("f.id::uuid"), customer_info("c.id::uuid"));
    let created_by = actor_info("k.created_by");
    format!(
        "SELECT jsonb_build_object('prefix', k.prefix, 'description', k.description, 'sources', k.sources,
            'functions', (SELECT jsonb_agg({functions}) FROM jsonb_array_elements_text(
                CASE jsonb_typeof(k.constraints -> 'functions') WHEN 'array' THEN k.constraints -> 'functions' END) f (id)),
            'customers', (SELECT jsonb_agg({customers}) FROM jsonb_array_elements_text(
                CASE jsonb_typeof(k.constraints -> 'customers') WHEN 'array' THEN k.constraints -> 'customers' END) c (id)),
            'read_only', k.read_only, 'created_by', {created_by}, 'created_at', k.created_at, 'expires_at', k.expires_at,
            'used_at', x.at, 'used_from', x.address) AS view, p.wrapped
         FROM api_keys k LEFT JOIN api_key_uses x ON x.prefix = k.prefix LEFT JOIN personal_keys p ON p.subject_id = k.user_id
         WHERE k.user_id = $1 AND NOT k.revoked AND k.expires_at > $2"
    )
}

/// The keys of a user that may be used at `now`, the oldest first.
///
/// # Errors
/// The database's.
pub async fn list_live(c: &mut PgConnection, user: UserId, now: Timestamp) -> Result<Vec<ApiKeyView>, sqlx::Error> {
    let sql = format!("{} ORDER BY k.created_at, k.prefix", select());
    sqlx::query_as(&sql).bind(user.uuid()).bind(now.millis()).fetch_all(c).await
}

/// The key of a user with this prefix, if it may be used at `now`.
///
/// # Errors
/// The database's.
pub async fn find_live(
    c: &mut PgConnection,
    user: UserId,
    prefix: &ApiKeyPrefix,
    now: Timestamp,
) -> Result<Option<ApiKeyView>, sqlx::Error> {
    let sql = format!("{} AND k.prefix = $3", select());
    sqlx::query_as(&sql).bind(user.uuid()).bind(now.millis()).bind(prefix.as_str()).fetch_optional(c).await
}
