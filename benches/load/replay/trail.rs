//! The audit trail before and after.

use projections::audit;
use sqlx::{Executor, PgConnection};
use std::time::Duration;
use tokio::time::sleep;

/// Waits until the trail and the evidence have caught up. Answers with how many entries it has.
pub(super) async fn settle(owner: &mut PgConnection) -> i64 {
    let behind = "SELECT (SELECT max(position) FROM events) > (SELECT min(position) FROM cursors WHERE name IN ('audit', 'evidence'))";
    while sqlx::query_scalar::<_, bool>(behind).fetch_one(&mut *owner).await.unwrap() {
        sleep(Duration::from_millis(100)).await;
    }
    sqlx::query_scalar("SELECT count(*) FROM audit").fetch_one(owner).await.unwrap()
}

/// Keeps a hash of every row that the follower has made.
pub(super) async fn copy(owner: &mut PgConnection) {
    owner
        .execute("CREATE UNLOGGED TABLE audit_as_followed AS SELECT position, md5(audit::text) AS hash FROM audit")
        .await
        .unwrap();
}

/// Rows that only one of them has, up to where the copy was made; and entries without an event or the other way round.
pub(super) async fn differing(owner: &mut PgConnection) -> i64 {
    settle(owner).await;
    let sql = "
    WITH followed AS (TABLE audit_as_followed),
         replayed AS (SELECT position, md5(audit::text) FROM audit WHERE position <= (SELECT max(position) FROM audit_as_followed)),
         fed AS (SELECT position FROM events WHERE aggregate_type = ANY ($1))
    SELECT (SELECT count(*) FROM (TABLE followed EXCEPT TABLE replayed) lost)
         + (SELECT count(*) FROM (TABLE replayed EXCEPT TABLE followed) gained)
         + (SELECT count(*) FROM fed FULL JOIN (SELECT position FROM audit) told USING (position)
            WHERE fed.position IS NULL OR told.position IS NULL)";
    sqlx::query_scalar(sql).bind(audit::MODEL.feeds).fetch_one(owner).await.unwrap()
}

/// Bytes for each event, indexes included: in the log, in the audit trail, as evidence.
pub(super) async fn growth(owner: &mut PgConnection) -> [f64; 3] {
    let log = "(SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('events') WHERE isleaf)";
    let sql = format!(
        "SELECT ({log} / (SELECT count(*) FROM events))::float8,
                (pg_total_relation_size('audit') / (SELECT count(*)::numeric FROM audit))::float8,
                ((pg_total_relation_size('evidence_leaves') + pg_total_relation_size('evidence_nodes'))
                    / (SELECT count(*)::numeric FROM evidence_leaves))::float8"
    );
    <(f64, f64, f64)>::into(sqlx::query_as(&sql).fetch_one(owner).await.unwrap())
}
