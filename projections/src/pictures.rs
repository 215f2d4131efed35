//! Pictures of users, sealed. Not a read model: no event holds them, only that they changed.

use aggregates::{ids::UserId, values::Sealed};
use sqlx::PgConnection;

/// The picture of a user who is not deleted, with the user's wrapped key.
///
/// # Errors
/// When the database cannot answer.
pub async fn find_by_user(c: &mut PgConnection, user: UserId) -> Result<Option<(Sealed, Vec<u8>)>, sqlx::Error> {
    let sql = "SELECT p.sealed, k.wrapped FROM pictures p JOIN personal_keys k ON k.subject_id = p.user_id
               JOIN users u ON u.id = p.user_id WHERE p.user_id = $1 AND u.status <> 'deleted'";
    let found: Option<(String, Vec<u8>)> = sqlx::query_as(sql).bind(user.uuid()).fetch_optional(c).await?;
    Ok(found.map(|(sealed, key)| (Sealed::new(sealed), key)))
}

/// Puts a picture in the place of the one that there is.
///
/// # Errors
/// When the database cannot answer.
pub async fn put(c: &mut PgConnection, user: UserId, sealed: &Sealed) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO pictures (user_id, sealed) VALUES ($1, $2)
               ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed";
    sqlx::query(sql).bind(user.uuid()).bind(sealed.as_str()).execute(c).await?;
    Ok(())
}
