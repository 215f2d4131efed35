//! Read models as they stand in Postgres, every column of every row.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::support::postgres::TestDatabase;
use projections::replayed;
use std::collections::BTreeMap;

/// Rows of each table as JSON, and what the table itself is like.
pub(super) type Tables = BTreeMap<&'static str, Vec<String>>;

/// Columns, indexes, and what the application may do.
const SHAPE: &str = "
SELECT 'column ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' || attgenerated::text
FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1
UNION ALL SELECT 'may ' || privilege_type FROM information_schema.role_table_grants
    WHERE table_schema = 'public' AND table_name = $1 AND grantee = 'argus_app'
ORDER BY 1";

/// All of it.
pub(super) async fn tables(at: &TestDatabase) -> Tables {
    let mut owner = at.owner().await;
    let mut tables = Tables::new();
    for table in replayed().flat_map(|model| model.tables) {
        let rows = format!("SELECT to_jsonb(t)::text FROM {table} AS t ORDER BY 1");
        let mut lines: Vec<String> = sqlx::query_scalar(SHAPE).bind(table).fetch_all(&mut owner).await.unwrap();
        let rows: Vec<String> = sqlx::query_scalar(&rows).fetch_all(&mut owner).await.unwrap();
        assert!(!rows.is_empty(), "an empty {table} proves nothing");
        lines.extend(rows);
        tables.insert(table, lines);
    }
    tables
}

/// Fails with the lines that differ.
#[track_caller]
pub(super) fn assert_same(live: &Tables, rebuilt: &Tables) {
    for (table, live) in live {
        let rebuilt = rebuilt.get(table).unwrap();
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|line| !those.contains(line)).cloned().collect()
        };
        let (lost, gained) = (only(live, rebuilt), only(rebuilt, live));
        assert!(lost.is_empty() && gained.is_empty(), "{table}: live {lost:#?}, rebuilt {gained:#?}");
        assert_eq!(live.len(), rebuilt.len(), "{table}");
    }
}
