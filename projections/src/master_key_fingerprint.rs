//! Which master key a database belongs to. Not a read model: one row, written at the first start.

use sqlx::PgConnection;

/// The fingerprint, unless this database has never been used.
pub async fn find(c: &mut PgConnection) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar("SELECT fingerprint FROM master_key_fingerprint").fetch_optional(c).await
}

/// Records the fingerprint, unless there is one; answers with the one that stands.
pub async fn insert(c: &mut PgConnection, fingerprint: &[u8]) -> Result<Vec<u8>, sqlx::Error> {
    sqlx::query("INSERT INTO master_key_fingerprint (fingerprint) VALUES ($1) ON CONFLICT (single) DO NOTHING")
        .bind(fingerprint)
        .execute(&mut *c)
        .await?;
    sqlx::query_scalar("SELECT fingerprint FROM master_key_fingerprint").fetch_one(c).await
}
