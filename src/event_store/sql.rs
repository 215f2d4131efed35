//! The statements of the log. The parent table is always named with its schema: a rebuild has another `search_path`.

use projections::guard::BROKEN;

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

const GIVEN: &str = "
WITH given AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
        AS g (aggregate_type, aggregate_id, expected, sequence, event_type, event_version, payload, metadata)
)";

const APPENDED: &str = "appended AS (
    INSERT INTO public.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
    SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, payload::jsonb, metadata::jsonb
    FROM given
    WHERE expected = coalesce((
        SELECT tail.sequence FROM public.events AS tail
        WHERE tail.aggregate_type = given.aggregate_type AND tail.aggregate_id = given.aggregate_id
        ORDER BY tail.sequence DESC LIMIT 1), 0)";

const UNBROKEN: &str = "
        AND NOT EXISTS (SELECT FROM broken b WHERE b.aggregate_id = given.aggregate_id)";

const IN_ORDER: &str = "
    ORDER BY aggregate_type COLLATE \"C\", aggregate_id COLLATE \"C\", sequence
    RETURNING aggregate_type, aggregate_id, sequence, position, recorded_at
)";

const RECEIPTS: &str = "
SELECT aggregate_type, aggregate_id, sequence, position, recorded_at FROM appended";

/// A stream whose guard did not hold has a receipt without a position.
const OVERTAKEN: &str = "
UNION ALL SELECT aggregate_type, aggregate_id, 0, 0, now() FROM broken";

/// Appends to each stream whose tail is as expected and says what went in. `$1` … `$8` are the columns of the events.
///
/// If `guarded`, `$9` are guards: a stream with one that does not hold is left alone. With `columns`, which are all of the inline
/// table's, the next parameter are rows of it: a row goes in only with its event, and never over a newer one.
pub(super) fn append(guarded: bool, columns: Option<&[String]>) -> String {
    let (guards, unbroken, overtaken) =
        if guarded { (format!(", {BROKEN}"), UNBROKEN, OVERTAKEN) } else { (String::new(), "", "") };
    let rows = columns.map(|columns| rows(if guarded { "$10" } else { "$9" }, columns)).unwrap_or_default();
    format!("{GIVEN}{guards}, {APPENDED}{unbroken}{IN_ORDER}{rows}{RECEIPTS}{overtaken}")
}

fn rows(parameter: &str, columns: &[String]) -> String {
    let assignments: Vec<_> = columns
        .iter()
        .filter(|column| *column != "id")
        .map(|column| format!("\"{column}\" = excluded.\"{column}\""))
        .collect();
    let assignments = assignments.join(", ");
    format!(
        ", rows AS (
    INSERT INTO {INLINE_TABLE}
    SELECT row.* FROM jsonb_populate_recordset(NULL::{INLINE_TABLE}, {parameter}) AS row
    WHERE (row.id::text, row.sequence) IN (SELECT aggregate_id, sequence FROM appended)
    ORDER BY row.id
    ON CONFLICT (id) DO UPDATE SET {assignments} WHERE {INLINE_TABLE}.sequence < excluded.sequence
)"
    )
}

/// The columns of a table, in order.
pub(super) const COLUMNS: &str = "
SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
