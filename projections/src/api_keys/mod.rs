//! API keys, inline: rows of the read model [`crate::users`].

mod view;

pub use view::{ApiKeyView, find_live, list_live};

use crate::Recorded;
use aggregates::{
    ids::UserId,
    user::NewApiKey,
    values::{ApiKeyPrefix, Constraints, IpRanges, Timestamp},
};
use sqlx::{
    FromRow, PgConnection, Postgres, Row,
    postgres::{PgArguments, PgRow},
    query::Query,
    types::Json,
};
use uuid::Uuid;

/// One API key, without the hash of its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// The public part: `1ab/2c`.
    pub prefix: String,
    /// The owner.
    pub user: UserId,
    /// From where it may be used.
    pub sources: IpRanges,
    /// What it is for, in words.
    pub description: String,
    /// How it is narrowed.
    pub constraints: Constraints,
    /// When it began.
    pub created_at: Timestamp,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl FromRow<'_, PgRow> for ApiKeyRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            prefix: row.try_get("prefix")?,
            user: UserId::new(row.try_get("user_id")?),
            sources: row.try_get::<Json<_>, _>("sources")?.0,
            description: row.try_get("description")?,
            constraints: row.try_get::<Json<_>, _>("constraints")?.0,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
            expires_at: Timestamp::from_millis(row.try_get("expires_at")?),
            revoked: row.try_get("revoked")?,
        })
    }
}

/// `$1` the user, `$2` the sequence of the event.
pub(crate) fn issued(user: Uuid, event: &Recorded, key: NewApiKey) -> Query<'static, Postgres, PgArguments> {
    let NewApiKey { prefix, secret_hash, sources, description, constraints, expires_at } = key;
    sqlx::query(
        "WITH u AS (UPDATE users SET sequence = $2 WHERE id = $1 AND sequence < $2 RETURNING id)
         INSERT INTO api_keys (user_id, prefix, secret_hash, sources, description, read_only, constraints, created_by, created_at, expires_at)
         SELECT id, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM u",
    )
    .bind(user)
    .bind(event.sequence)
    .bind(String::from(prefix))
    .bind(String::from(secret_hash))
    .bind(Json(sources))
    .bind(String::from(description))
    .bind(constraints.read_only)
    .bind(Json(constraints))
    .bind(event.actor().to_owned())
    .bind(event.at().millis())
    .bind(expires_at.millis())
}

/// `$1` the user, `$2` the sequence of the event.
pub(crate) fn renewed(
    user: Uuid,
    event: &Recorded,
    prefix: ApiKeyPrefix,
    expires_at: Timestamp,
) -> Query<'static, Postgres, PgArguments> {
    sqlx::query(
        "WITH u AS (UPDATE users SET sequence = $2 WHERE id = $1 AND sequence < $2 RETURNING id)
         UPDATE api_keys k SET expires_at = $4 FROM u WHERE k.user_id = u.id AND k.prefix = $3",
    )
    .bind(user)
    .bind(event.sequence)
    .bind(String::from(prefix))
    .bind(expires_at.millis())
}

/// `$1` the user, `$2` the sequence of the event.
pub(crate) fn revoked(user: Uuid, event: &Recorded, prefix: ApiKeyPrefix) -> Query<'static, Postgres, PgArguments> {
    sqlx::query(
        "WITH u AS (UPDATE users SET sequence = $2 WHERE id = $1 AND sequence < $2 RETURNING id)
         UPDATE api_keys k SET revoked = true FROM u WHERE k.user_id = u.id AND k.prefix = $3",
    )
    .bind(user)
    .bind(event.sequence)
    .bind(String::from(prefix))
}

/// The key with this prefix, whatever became of it.
pub async fn find_by_prefix(c: &mut PgConnection, prefix: &ApiKeyPrefix) -> Result<Option<ApiKeyRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM api_keys WHERE prefix = $1").bind(prefix.as_str()).fetch_optional(c).await
}

/// The keys of a user, the oldest first, revoked and expired ones too.
pub async fn list_by_user(c: &mut PgConnection, user: UserId) -> Result<Vec<ApiKeyRow>, sqlx::Error> {
    let sql = "SELECT * FROM api_keys WHERE user_id = $1 ORDER BY created_at, prefix";
    sqlx::query_as(sql).bind(user.uuid()).fetch_all(c).await
}
