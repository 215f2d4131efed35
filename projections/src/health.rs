//! Whether Postgres answers.

use sqlx::PgConnection;

/// One round trip.
///
/// # Errors
/// The database's.
pub async fn ping(c: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT 1").execute(c).await.map(|_| ())
}
