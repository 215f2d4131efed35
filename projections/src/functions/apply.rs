//! From events to rows.

use crate::{ProjectionError, Recorded};
use aggregates::{function::FunctionEvent, ids::FunctionId};
use sqlx::{PgConnection, Postgres, postgres::PgArguments, query::Query};

/// Applies events of functions, in order.
pub(super) async fn apply(c: &mut PgConnection, events: &[Recorded]) -> Result<(), ProjectionError> {
    for event in events {
        change(event)?.execute(&mut *c).await?;
    }
    Ok(())
}

/// `UPDATE functions SET …` of a change, which has `$1` the id, `$2` the sequence, `$3` when and `$4` by whom.
macro_rules! update {
    ($set:literal) => {
        concat!(
            "UPDATE functions SET sequence = $2, updated_at = $3, updated_by = $4",
            $set,
            " WHERE id = $1 AND sequence < $2"
        )
    };
}

type Statement = Query<'static, Postgres, PgArguments>;

/// The statement that an event amounts to.
fn change(event: &Recorded) -> Result<Statement, ProjectionError> {
    let id = event.id::<FunctionId>()?.uuid();
    let changed = |sql: &'static str| {
        let (at, actor) = (event.at().millis(), event.actor().to_owned());
        sqlx::query(sql).bind(id).bind(event.sequence).bind(at).bind(actor)
    };
    Ok(match event.decode()? {
        FunctionEvent::Created { number, short_name, name, description, role } => changed(
            "INSERT INTO functions (id, sequence, created_at, created_by, number, short_name, name, description, role)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
        )
        .bind(number)
        .bind(String::from(short_name))
        .bind(String::from(name))
        .bind(String::from(description))
        .bind(role),
        FunctionEvent::Described { name, description } => {
            changed(update!(", name = $5, description = $6")).bind(String::from(name)).bind(String::from(description))
        }
        FunctionEvent::Renamed { short_name } => changed(update!(", short_name = $5")).bind(String::from(short_name)),
        FunctionEvent::RoleMarked { role } => changed(update!(", role = $5")).bind(role),
        FunctionEvent::ChildAdded { child } => changed(CHILD_ADDED).bind(child.uuid()),
        FunctionEvent::ChildRemoved { child } => changed(CHILD_REMOVED).bind(child.uuid()),
        FunctionEvent::Deleted {} => changed(DELETED),
    })
}

const CHILD_ADDED: &str = concat!(
    "WITH parent AS (",
    update!(""),
    " RETURNING id) INSERT INTO function_children (parent_id, child_id, added_at, added_by)
     SELECT id, $5, $3, $4 FROM parent ON CONFLICT DO NOTHING"
);
const CHILD_REMOVED: &str = concat!(
    "WITH parent AS (",
    update!(""),
    " RETURNING id) DELETE FROM function_children e USING parent WHERE e.parent_id = parent.id AND e.child_id = $5"
);
const DELETED: &str = concat!(
    "WITH parent AS (",
    update!(", deleted = true, deleted_at = $3, deleted_by = $4"),
    " RETURNING id) DELETE FROM function_children e USING parent WHERE e.parent_id = parent.id"
);
