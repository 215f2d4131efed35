//! How a user can prove who they are, and when they last did so in each way.

use aggregates::{
    ids::UserId,
    values::{Sealed, Timestamp},
};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow};

/// The ways of one user.
#[derive(Debug, Clone)]
pub struct AuthenticationMethods {
    /// There is a password.
    pub has_password: bool,
    /// The last sign-in with it.
    pub signed_in: Option<LastUse>,
    /// There is an API key that may be used.
    pub has_api_key: bool,
    /// The last use of one, as far as that was written down.
    pub key_used: Option<LastUse>,
    /// The user's wrapped data key, which opens the addresses.
    pub personal_key: Option<Vec<u8>>,
}

/// When and from where.
#[derive(Debug, Clone)]
pub struct LastUse {
    /// When.
    pub at: Timestamp,
    /// From where, sealed.
    pub address: Sealed,
}

impl FromRow<'_, PgRow> for AuthenticationMethods {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let last = |at, address| -> Result<_, sqlx::Error> {
            let (at, address): (Option<i64>, Option<String>) = (row.try_get(at)?, row.try_get(address)?);
            Ok(at
                .zip(address)
                .map(|(at, address)| LastUse { at: Timestamp::from_millis(at), address: Sealed::new(address) }))
        };
        Ok(Self {
            has_password: row.try_get("has_password")?,
            signed_in: last("signed_in_at", "signed_in_from")?,
            has_api_key: row.try_get("has_api_key")?,
            key_used: last("key_used_at", "key_used_from")?,
            personal_key: row.try_get("wrapped")?,
        })
    }
}

/// The ways of a user at `now`.
///
/// # Errors
/// The database's.
pub async fn find_by_user(
    c: &mut PgConnection,
    user: UserId,
    now: Timestamp,
) -> Result<Option<AuthenticationMethods>, sqlx::Error> {
    sqlx::query_as(
        "SELECT u.password_hash IS NOT NULL AS has_password, p.wrapped,
            s.authenticated_at AS signed_in_at, s.address AS signed_in_from,
            EXISTS (SELECT FROM api_keys k WHERE k.user_id = u.id AND NOT k.revoked AND k.expires_at > $2) AS has_api_key,
            x.at AS key_used_at, x.address AS key_used_from
         FROM users u LEFT JOIN personal_keys p ON p.subject_id = u.id
         LEFT JOIN LATERAL (SELECT s.authenticated_at, s.address FROM sessions s WHERE s.user_id = u.id
            ORDER BY s.authenticated_at DESC LIMIT 1) s ON true
         LEFT JOIN LATERAL (SELECT x.at, x.address FROM api_keys k JOIN api_key_uses x ON x.prefix = k.prefix
            WHERE k.user_id = u.id ORDER BY x.at DESC LIMIT 1) x ON true
         WHERE u.id = $1",
    )
    .bind(user.uuid())
    .bind(now.millis())
    .fetch_optional(c)
    .await
}
