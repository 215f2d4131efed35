//! Brings the schema up to this program. sqlx holds an advisory lock meanwhile, so that only one node migrates.

use super::DatabaseError;
use sqlx::{
    PgConnection,
    migrate::{MigrateError, Migrator},
};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Applies what is missing; refuses a schema that is newer than this program.
pub(super) async fn run(owner: &mut PgConnection) -> Result<(), DatabaseError> {
    MIGRATIONS.run(owner).await.map_err(|error| {
        let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
        match error {
            MigrateError::VersionMissing(found) if found > known => DatabaseError::Newer { found, known },
            other => DatabaseError::Migration(other),
        }
    })
}
