//! Counting attempts at signing in. The count rises before the password is looked at, so that a thousand parallel guesses are
//! a thousand counted guesses; it stands in Postgres, so it survives restarts and is the same on every instance.

use aggregates::values::{Seconds, Timestamp};
use sqlx::PgConnection;

/// A counter's key, its window and how many attempts fit into that.
#[derive(Debug, Clone)]
pub struct Limit {
    /// What is counted, hashed by the caller: the table holds no name and no address.
    pub key: String,
    /// The most attempts in one window.
    pub most: i64,
}

/// Counts one attempt under each key and says how long the caller has to wait if any of them has had too many.
///
/// # Errors
/// The database's.
pub async fn count(
    c: &mut PgConnection,
    limits: &[Limit],
    window: Seconds,
    now: Timestamp,
) -> Result<Option<Seconds>, sqlx::Error> {
    let keys: Vec<&str> = limits.iter().map(|limit| limit.key.as_str()).collect();
    let most: Vec<i64> = limits.iter().map(|limit| limit.most).collect();
    // Sorted, so that two attempts that share keys cannot wait for each other in a circle.
    let oldest: Option<i64> = sqlx::query_scalar(
        "WITH counted AS (
            INSERT INTO throttles AS t (key, attempts, since) SELECT key, 1, $3 FROM unnest($1::text[]) AS k(key) ORDER BY key
            ON CONFLICT (key) DO UPDATE SET
                attempts = CASE WHEN t.since <= $3 - $4 THEN 1 ELSE t.attempts + 1 END,
                since = CASE WHEN t.since <= $3 - $4 THEN $3 ELSE t.since END
            RETURNING key, attempts, since
         )
         SELECT max(counted.since) FROM counted JOIN unnest($1::text[], $2::bigint[]) AS l(key, most) USING (key)
         WHERE counted.attempts > l.most",
    )
    .bind(keys)
    .bind(most)
    .bind(now.millis())
    .bind(window.0.saturating_mul(1000))
    .fetch_one(c)
    .await?;
    Ok(oldest.map(|since| Seconds(Timestamp::from_millis(since).after(window).seconds_since(now).max(1))))
}

/// The last attempt was good: `own` begins anew, and the attempt is taken back from `shared`.
///
/// # Errors
/// The database's.
pub async fn forgive(c: &mut PgConnection, own: &str, shared: &[&str]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "WITH locked AS (SELECT key FROM throttles WHERE key = $1 OR key = ANY($2) ORDER BY key FOR UPDATE)
         UPDATE throttles t SET attempts = CASE WHEN t.key = $1 THEN 0 ELSE greatest(t.attempts - 1, 0) END
         FROM locked WHERE t.key = locked.key",
    )
    .bind(own)
    .bind(shared)
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
