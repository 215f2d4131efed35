//! The last use of each API key, beside the log.

use aggregates::values::{ApiKeyPrefix, Sealed, Timestamp};
use sqlx::PgConnection;

/// When and from where a key was last used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyUse {
    /// Which key.
    pub prefix: ApiKeyPrefix,
    /// When.
    pub at: Timestamp,
    /// From where, sealed under the key's owner.
    pub address: Sealed,
}

/// Keeps these uses, unless a later one of the same key is known. Keys are written in one order, so that no two servers wait for
/// each other in a circle; each must be there once.
///
/// # Errors
/// The database's.
pub async fn keep(c: &mut PgConnection, uses: &[ApiKeyUse]) -> Result<(), sqlx::Error> {
    let prefixes: Vec<&str> = uses.iter().map(|one| one.prefix.as_str()).collect();
    let times: Vec<i64> = uses.iter().map(|one| one.at.millis()).collect();
    let addresses: Vec<&str> = uses.iter().map(|one| one.address.as_str()).collect();
    sqlx::query(
        "INSERT INTO api_key_uses AS u (prefix, at, address)
         SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[]) AS n (prefix, at, address) ORDER BY n.prefix
         ON CONFLICT (prefix) DO UPDATE SET at = excluded.at, address = excluded.address WHERE u.at < excluded.at",
    )
    .bind(prefixes)
    .bind(times)
    .bind(addresses)
    .execute(c)
    .await
    .map(|_| ())
}
