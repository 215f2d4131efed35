//! The data keys of persons, wrapped. Not a read model: no event holds them, so that destroying one erases.

use sqlx::PgConnection;
use uuid::Uuid;

/// The wrapped key of a subject, unless it has none or it was destroyed.
pub async fn find_by_subject(c: &mut PgConnection, subject: Uuid) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar("SELECT wrapped FROM personal_keys WHERE subject_id = $1").bind(subject).fetch_optional(c).await
}

/// Gives a subject a key, unless it has one; answers with the one that it has then.
pub async fn insert(c: &mut PgConnection, subject: Uuid, wrapped: &[u8]) -> Result<Vec<u8>, sqlx::Error> {
    sqlx::query("INSERT INTO personal_keys (subject_id, wrapped) VALUES ($1, $2) ON CONFLICT (subject_id) DO NOTHING")
        .bind(subject)
        .bind(wrapped)
        .execute(&mut *c)
        .await?;
    // A statement of its own: only a new snapshot sees the row of another transaction that was first.
    sqlx::query_scalar("SELECT wrapped FROM personal_keys WHERE subject_id = $1").bind(subject).fetch_one(c).await
}

/// Destroys the key of a subject, and what is kept of them beside the log: nothing that it sealed can be read any more.
pub async fn destroy(c: &mut PgConnection, subject: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM personal_keys WHERE subject_id = $1").bind(subject).execute(&mut *c).await?;
    sqlx::query("DELETE FROM pictures WHERE user_id = $1").bind(subject).execute(c).await?;
    Ok(())
}
