//! What a replay can do without: rows whose events have left the log are taken over from the live table, where they outlive them.

use super::{Fault, SchemaName, StorageError};
use projections::{OUTLIVING, ReadModel};
use sqlx::{Executor, PgConnection};

const DROPPED: &str = "
SELECT max(last_position), string_agg(partition, ', ' ORDER BY partition) FROM public.dropped_ranges
WHERE aggregate_type = ANY ($1) AND first_position <= $2";

/// Columns that the live table and the new one both have.
const COLUMNS: &str = "
SELECT string_agg(quote_ident(live.attname), ', ' ORDER BY live.attnum)
FROM pg_attribute AS live JOIN pg_attribute AS new USING (attname)
WHERE live.attrelid = to_regclass('public.' || $1) AND new.attrelid = to_regclass($2 || '.' || $1)
  AND live.attnum > 0 AND NOT live.attisdropped AND new.attgenerated = ''";

/// Rows that a new table begins with; none as long as nothing was dropped that feeds it.
pub(super) async fn take_over(
    c: &mut PgConnection,
    schema: &SchemaName,
    model: &ReadModel,
    until: i64,
) -> Result<(), Fault> {
    let (last, partitions): (Option<i64>, Option<String>) =
        sqlx::query_as(DROPPED).bind(model.feeds).bind(until).fetch_one(&mut *c).await?;
    let (Some(last), Some(partitions)) = (last, partitions) else { return Ok(()) };
    let outliving = OUTLIVING.iter().find(|(name, _)| *name == model.name);
    let Some((table, condition)) = outliving.filter(|_| until >= last) else {
        let problem = format!(
            "{} cannot be made up to position {until}: {partitions}, which it needs, left the log (up to position {last})",
            model.name
        );
        return Err(StorageError::Invalid(problem).into());
    };
    let columns: String = sqlx::query_scalar(COLUMNS).bind(table).bind(schema.as_str()).fetch_one(&mut *c).await?;
    let copy = format!(
        "INSERT INTO {schema}.{table} ({columns}) SELECT {columns} FROM public.{table} AS live WHERE {condition}"
    );
    Ok(c.execute(copy.as_str()).await.map(drop)?)
}
