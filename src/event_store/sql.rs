//! The statements of the log. The parent table is always named with its schema: a rebuild has another `search_path`.

/// Reads whole streams: `$1` types, `$2` ids. `OFFSET 0` keeps the planner from turning one probe per stream into a scan.
pub(super) const LOAD: &str = "
SELECT wanted.nth, e.sequence, e.event_type, e.event_version, e.payload, e.metadata
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (aggregate_type, aggregate_id, nth)
CROSS JOIN LATERAL (
    SELECT * FROM public.events
    WHERE aggregate_type = wanted.aggregate_type AND aggregate_id = wanted.aggregate_id
    OFFSET 0
) AS e
ORDER BY wanted.nth, e.sequence";

/// Finds events that are already there with the same command id: `$1` types, `$2` ids, `$3` sequences, `$4` command ids.
pub(super) const OWN: &str = "
SELECT e.aggregate_type, e.aggregate_id, e.sequence, e.position, e.recorded_at
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) AS sent (aggregate_type, aggregate_id, sequence, command_id)
CROSS JOIN LATERAL (
    SELECT * FROM public.events
    WHERE aggregate_type = sent.aggregate_type AND aggregate_id = sent.aggregate_id AND sequence = sent.sequence
    OFFSET 0
) AS e
WHERE e.metadata ->> 'command_id' = sent.command_id";

/// The table whose rows ride along with the events of their aggregates.
pub(super) const INLINE_TABLE: &str = "sessions";

const APPEND: &str = "
WITH given AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
        AS g (aggregate_type, aggregate_id, expected, sequence, event_type, event_version, payload, metadata)
), appended AS (
    INSERT INTO public.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
    SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, payload::jsonb, metadata::jsonb
    FROM given
    WHERE expected = coalesce((
        SELECT tail.sequence FROM public.events AS tail
        WHERE tail.aggregate_type = given.aggregate_type AND tail.aggregate_id = given.aggregate_id
        ORDER BY tail.sequence DESC LIMIT 1), 0)
    ORDER BY aggregate_type COLLATE \"C\", aggregate_id COLLATE \"C\", sequence
    RETURNING aggregate_type, aggregate_id, sequence, position, recorded_at
)";

const APPENDED: &str = "
SELECT aggregate_type, aggregate_id, sequence, position, recorded_at FROM appended";

/// Appends to each stream whose tail is as expected and says what went in. `$1` … `$8` are the columns of the events.
pub(super) fn append() -> String {
    format!("{APPEND}{APPENDED}")
}

/// The same, with rows of the inline table in `$9`; `columns` are all of that table's columns. A row goes in only with its
/// event, and never over a newer one.
pub(super) fn append_with_rows(columns: &[String]) -> String {
    let assignments: Vec<_> = columns
        .iter()
        .filter(|column| *column != "id")
        .map(|column| format!("\"{column}\" = excluded.\"{column}\""))
        .collect();
    let assignments = assignments.join(", ");
    format!(
        "{APPEND}, rows AS (
    INSERT INTO {INLINE_TABLE}
    SELECT row.* FROM jsonb_populate_recordset(NULL::{INLINE_TABLE}, $9) AS row
    WHERE (row.id::text, row.sequence) IN (SELECT aggregate_id, sequence FROM appended)
    ORDER BY row.id
    ON CONFLICT (id) DO UPDATE SET {assignments} WHERE {INLINE_TABLE}.sequence < excluded.sequence
){APPENDED}"
    )
}

/// The columns of a table, in order.
pub(super) const COLUMNS: &str = "
SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
