//! A long past: the streams of grants and sessions that requests have made, many times over, in the order of their making.

use sqlx::{Executor, PgConnection};

/// In one statement: other writers wait for nothing, and the server follows meanwhile.
const AT_ONCE: i64 = 50_000;

const STREAMS: &str = "
CREATE TEMP TABLE streams AS SELECT * FROM events WHERE aggregate_type IN ('grant', 'session')";

/// Under ids of their own: the same time, another end.
const REPEAT: &str = "
INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
SELECT aggregate_type, left(aggregate_id, 24) || lpad(to_hex(n), 12, '0'), sequence, event_type, event_version, payload, metadata
FROM streams CROSS JOIN generate_series($1::bigint, $2::bigint) AS n
ORDER BY n, position";

/// Until the log has so many events.
pub(super) async fn lengthen(owner: &mut PgConnection, events: i64) {
    owner.execute(STREAMS).await.unwrap();
    let (each, mut there): (i64, i64) =
        sqlx::query_as("SELECT (SELECT count(*) FROM streams), (SELECT count(*) FROM events)")
            .fetch_one(&mut *owner)
            .await
            .unwrap();
    let mut from = 1;
    while there < events {
        let times = (AT_ONCE.min(events - there) / each).max(1);
        sqlx::query(REPEAT).bind(from).bind(from + times - 1).execute(&mut *owner).await.unwrap();
        from += times;
        there += times * each;
    }
    owner.execute("ANALYZE events").await.unwrap();
}
