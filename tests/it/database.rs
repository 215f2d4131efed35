//! Opening a database that someone else runs: what is refused, and which role does what.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::support::postgres::fresh;
use aggregates::values::Timestamp;
use argus::{
    config::{Config, Secret},
    database::{Database, DatabaseError, is_lost},
    read,
};

async fn refusal(config: &Config) -> DatabaseError {
    Database::open(config).await.err().unwrap()
}

#[tokio::test]
async fn a_url_that_is_none_is_refused_without_repeating_it() {
    let mut config = fresh().config();
    config.database.url = Some(Secret::from("postgres://argus:hunter2@host:port/".to_owned()));
    let refused = refusal(&config).await;
    assert!(matches!(refused, DatabaseError::Url));
    assert!(!format!("{refused} {refused:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_refused() {
    let mut config = fresh().config();
    config.database.url = Some(Secret::from("postgres://argus@localhost/argus?host=/nonexistent".to_owned()));
    assert!(matches!(refusal(&config).await, DatabaseError::Unreachable(_)));
}

#[tokio::test]
async fn a_schema_that_is_newer_than_the_program_is_refused() {
    let test = fresh();
    let migrated = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                    VALUES (9000, 'of the future', true, '', 0)";
    sqlx::query(migrated).execute(&mut test.owner().await).await.unwrap();
    assert!(matches!(refusal(&test.config()).await, DatabaseError::Newer { found: 9000, .. }));
}

#[tokio::test]
async fn a_refused_statement_is_not_a_lost_connection() {
    let mut owner = fresh().owner().await;
    let refused = sqlx::query("SELECT 1 / 0").execute(&mut owner).await.unwrap_err();
    assert!(!is_lost(&refused));
    let ended = sqlx::query("SELECT pg_terminate_backend(pg_backend_pid())").execute(&mut owner).await.unwrap_err();
    assert!(is_lost(&ended));
}

#[tokio::test]
async fn the_application_may_add_events_and_never_change_them() {
    let test = fresh();
    let database = test.database().await;
    let connections = database.connections();
    let role: String = read!(connections, |c| sqlx::query_scalar("SELECT current_user::text").fetch_one(c)).unwrap();
    assert_eq!(role, "argus_app");
    let plan: String =
        read!(connections, |c| sqlx::query_scalar("SELECT current_setting('plan_cache_mode')").fetch_one(c)).unwrap();
    assert_eq!(plan, "force_generic_plan");
    for statement in ["DELETE FROM events", "UPDATE events SET event_type = ''", "TRUNCATE events", "DROP TABLE events"]
    {
        let mut lease = connections.lease().await.unwrap();
        let refused = sqlx::query(statement).execute(&mut *lease).await.unwrap_err();
        let code = refused.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned());
        assert_eq!(code.as_deref(), Some("42501"), "{statement}");
    }
}

#[tokio::test]
async fn the_months_of_any_clock_can_be_made() {
    let test = fresh();
    let database = test.database().await;
    database.ensure_partitions(Timestamp::from_millis(4_102_444_800_000)).await.unwrap();
    let made: bool = sqlx::query_scalar(
        "SELECT count(*) = 4 FROM pg_class WHERE relkind = 'r' AND relname ~ '^events_.*2100_?0[12]$'",
    )
    .fetch_one(&mut test.owner().await)
    .await
    .unwrap();
    assert!(made);
}

#[tokio::test]
async fn opening_again_changes_nothing() {
    let test = fresh();
    test.database().await.close().await;
    test.database().await.close().await;
}
