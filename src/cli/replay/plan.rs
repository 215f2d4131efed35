//! `argus replay plan`: counts before anything is done.

use super::What;
use crate::{
    cli::{Session, output::Output},
    event_store::replay::{Plan, SchemaName, Started, plan},
};
use serde_json::{Value, json};

/// A row for each type of event, each live table, and what an earlier run has left.
pub(super) async fn print(session: &Session, what: &What, output: Output) -> anyhow::Result<()> {
    let owner = session.database.owner_options();
    let until = what.until(session)?;
    let mut rows = Vec::new();
    for model in what.models()? {
        let schema = what.into.clone().unwrap_or_else(|| SchemaName::in_place(&model));
        let plan = plan(&owner, &model, &schema, until).await?;
        rows.extend(lines(&plan, &schema, what.into.is_none()));
    }
    output.print(&["projection", "what", "count", "then"], &rows)
}

fn lines(plan: &Plan, schema: &SchemaName, in_place: bool) -> Vec<Vec<Value>> {
    let line = |what: String, count: i64, then: String| vec![json!(plan.model), json!(what), json!(count), json!(then)];
    let put_in = format!("put in, up to position {}", plan.until);
    let events = plan.events.iter().map(|(event, count)| line(event.clone(), *count, put_in.clone()));
    let then = if in_place { "replaced".to_owned() } else { format!("kept; the new ones go to {schema}") };
    let rows = plan.rows.iter().map(|(table, count)| line(format!("rows of {table}"), *count, then.clone()));
    let started = match plan.started {
        Started::Not => None,
        Started::Reached { done, position } => {
            let then = format!("gone on with from position {position}");
            Some(line(format!("events in {schema} already"), done, then))
        }
        Started::Otherwise => Some(line(format!("another schema {schema}"), 1, "in the way".to_owned())),
    };
    events.chain(rows).chain(started).collect()
}
