//! From events to rows.

use crate::{ProjectionError, Recorded};
use aggregates::{customer::CustomerEvent, ids::CustomerId};
use sqlx::{PgConnection, Postgres, postgres::PgArguments, query::Query};

/// Applies events of customers, in order.
pub(super) async fn apply(c: &mut PgConnection, events: &[Recorded]) -> Result<(), ProjectionError> {
    for event in events {
        change(event)?.execute(&mut *c).await?;
    }
    Ok(())
}

/// `UPDATE customers SET …` of a change, which has `$1` the id, `$2` the sequence, `$3` when and `$4` by whom.
macro_rules! update {
    ($set:literal) => {
        concat!(
            "UPDATE customers SET sequence = $2, updated_at = $3, updated_by = $4",
            $set,
            " WHERE id = $1 AND sequence < $2"
        )
    };
}

/// The statement that an event amounts to.
fn change(event: &Recorded) -> Result<Query<'static, Postgres, PgArguments>, ProjectionError> {
    let id = event.id::<CustomerId>()?.uuid();
    let changed = |sql: &'static str| {
        let (at, actor) = (event.at().millis(), event.actor().to_owned());
        sqlx::query(sql).bind(id).bind(event.sequence).bind(at).bind(actor)
    };
    Ok(match event.decode()? {
        CustomerEvent::Created { number, domain, parent, short_name, name } => changed(
            "INSERT INTO customers (id, sequence, created_at, created_by, number, domain_id, parent_id, short_name, name)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
        )
        .bind(number)
        .bind(domain.uuid())
        .bind(parent.map(CustomerId::uuid))
        .bind(String::from(short_name))
        .bind(String::from(name)),
        CustomerEvent::Renamed { name } => changed(update!(", name = $5")).bind(String::from(name)),
        CustomerEvent::ShortNameChanged { short_name } => {
            changed(update!(", short_name = $5")).bind(String::from(short_name))
        }
        CustomerEvent::Moved { parent } => changed(update!(", parent_id = $5")).bind(parent.uuid()),
        CustomerEvent::Disabled {} => changed(update!(", disabled = true")),
        CustomerEvent::Enabled {} => changed(update!(", disabled = false")),
    })
}
