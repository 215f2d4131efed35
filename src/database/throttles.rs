//! Counting attempts at signing in. The count rises before the password is looked at, so that a thousand parallel guesses are
//! a thousand counted guesses; it stands in Postgres, so it survives restarts and is the same on every instance.

use aggregates::values::{Seconds, Timestamp};
use sqlx::PgConnection;

/// A counter and how many attempts fit into its window.
#[derive(Debug, Clone)]
pub struct Limit {
    /// What is counted, as a pseudonym: the table holds no name and no address.
    pub key: String,
    /// The most attempts in one window.
    pub most: i64,
}

/// Too many attempts.
#[derive(Debug, Clone, Copy)]
pub struct Exceeded {
    /// How long to wait.
    pub wait: Seconds,
    /// This attempt is the first that is too many.
    pub first: bool,
}

/// Counts one attempt. `near` are what the caller alone is behind (its address); only when they have room is the attempt counted
/// under `far`, which others share, so that one caller cannot use up what is everybody's.
///
/// # Errors
/// The database's.
pub async fn count(
    c: &mut PgConnection,
    near: &[Limit],
    far: &Limit,
    window: Seconds,
    now: Timestamp,
) -> Result<Option<Exceeded>, sqlx::Error> {
    let keys: Vec<&str> = near.iter().map(|limit| limit.key.as_str()).collect();
    let most: Vec<i64> = near.iter().map(|limit| limit.most).collect();
    let (newest, first): (Option<i64>, Option<bool>) = sqlx::query_as(COUNT)
        .bind(keys)
        .bind(most)
        .bind(now.millis())
        .bind(window.0.saturating_mul(1000))
        .bind(&far.key)
        .bind(far.most)
        .fetch_one(c)
        .await?;
    Ok(newest.map(|since| Exceeded {
        wait: Seconds(Timestamp::from_millis(since).after(window).seconds_since(now).max(1)),
        first: first.unwrap_or(false),
    }))
}

/// Rows are locked in one order, near ones by key and then the far one, so that no two attempts wait for each other in a circle.
const COUNT: &str = "
WITH near AS (
    INSERT INTO throttles AS t (key, attempts, since) SELECT key, 1, $3 FROM unnest($1::text[]) AS k(key) ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        attempts = CASE WHEN t.since <= $3 - $4 THEN 1 ELSE t.attempts + 1 END,
        since = CASE WHEN t.since <= $3 - $4 THEN $3 ELSE t.since END
    RETURNING key, attempts, since
), crossed AS (
    SELECT near.since, near.attempts = l.most + 1 AS first
    FROM near JOIN unnest($1::text[], $2::bigint[]) AS l(key, most) USING (key) WHERE near.attempts > l.most
), far AS (
    INSERT INTO throttles AS t (key, attempts, since) SELECT $5, 1, $3 WHERE NOT EXISTS (SELECT FROM crossed)
    ON CONFLICT (key) DO UPDATE SET
        attempts = CASE WHEN t.since <= $3 - $4 THEN 1 ELSE t.attempts + 1 END,
        since = CASE WHEN t.since <= $3 - $4 THEN $3 ELSE t.since END
    RETURNING attempts, since
), exceeded AS (
    SELECT since, first FROM crossed UNION ALL SELECT since, attempts = $6 + 1 FROM far WHERE attempts > $6
)
SELECT max(since), bool_or(first) FROM exceeded";

/// The last attempt was good: `own` begins anew, and the attempt is taken back from `shared`; `far` comes last in the order of locks.
///
/// # Errors
/// The database's.
pub async fn forgive(c: &mut PgConnection, own: &str, shared: &str, far: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "WITH locked AS (SELECT key FROM throttles WHERE key IN ($1, $2, $3) ORDER BY key = $3, key FOR UPDATE)
         UPDATE throttles t SET attempts = CASE WHEN t.key = $1 THEN 0 ELSE greatest(t.attempts - 1, 0) END
         FROM locked WHERE t.key = locked.key",
    )
    .bind(own)
    .bind(shared)
    .bind(far)
    .execute(c)
    .await
    .map(|_| ())
}

/// Removes counters whose window is long over.
///
/// # Errors
/// The database's.
pub async fn clean(c: &mut PgConnection, window: Seconds, now: Timestamp) -> Result<(), sqlx::Error> {
    let before = now.millis().saturating_sub(window.0.saturating_mul(1000));
    sqlx::query("DELETE FROM throttles WHERE since < $1").bind(before).execute(c).await.map(|_| ())
}
