//! Numbering events and hashing them, and the larger subtrees that this completes.

use super::{
    canonical::{COLUMNS, LoggedEvent},
    leaves,
    tree::{Frontier, Hash},
};
use crate::{ProjectionError, Recorded};
use sqlx::PgConnection;

/// How many nodes of one stored level make one of the next.
pub(super) const WIDTH: i64 = 256;

/// The events come upcast; what is hashed is what stands in the log.
pub(super) async fn apply(c: &mut PgConnection, events: &[Recorded]) -> Result<(), ProjectionError> {
    let positions: Vec<i64> = events.iter().map(|event| event.position).collect();
    let sql = format!("SELECT {COLUMNS} FROM public.events WHERE position = ANY ($1) ORDER BY position");
    let logged: Vec<LoggedEvent> = sqlx::query_as(&sql).bind(&positions).fetch_all(&mut *c).await?;
    let first = leaves::size(c).await?;
    let hashes: Vec<Hash> = logged.iter().map(LoggedEvent::leaf_hash).collect();
    let positions: Vec<i64> = logged.iter().map(LoggedEvent::position).collect();
    sqlx::query(
        "INSERT INTO evidence_leaves (number, position, hash)
         SELECT $1 + nth - 1, position, hash FROM unnest($2::bigint[], $3::bytea[]) WITH ORDINALITY AS u (position, hash, nth)",
    )
    .bind(first)
    .bind(&positions)
    .bind(&hashes)
    .execute(&mut *c)
    .await?;
    let after = leaves::size(c).await?;
    Ok(complete(c, first, after).await?)
}

/// Stores the subtrees that became full while the tree grew.
async fn complete(c: &mut PgConnection, before: i64, after: i64) -> Result<(), sqlx::Error> {
    let (mut before, mut after) = (before / WIDTH, after / WIDTH);
    for level in 1.. {
        for number in before..after {
            let mut subtree = Frontier::default();
            let children = stored(c, level - 1, number * WIDTH, WIDTH).await?;
            children.into_iter().for_each(|child| subtree.push(child));
            sqlx::query("INSERT INTO evidence_nodes (level, number, hash) VALUES ($1, $2, $3)")
                .bind(level)
                .bind(number)
                .bind(subtree.root())
                .execute(&mut *c)
                .await?;
        }
        (before, after) = (before / WIDTH, after / WIDTH);
        if after == 0 {
            break;
        }
    }
    Ok(())
}

/// `count` hashes of a stored level, from the `first`; level 0 are the leaves.
pub(super) async fn stored(c: &mut PgConnection, level: i32, first: i64, count: i64) -> Result<Vec<Hash>, sqlx::Error> {
    let sql = match level {
        0 => "SELECT hash FROM evidence_leaves WHERE number >= $1 AND number < $1 + $2 AND $3 = 0 ORDER BY number",
        _ => "SELECT hash FROM evidence_nodes WHERE number >= $1 AND number < $1 + $2 AND level = $3 ORDER BY number",
    };
    sqlx::query_scalar(sql).bind(first).bind(count).bind(level).fetch_all(c).await
}
