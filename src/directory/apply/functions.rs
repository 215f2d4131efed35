//! Functions, and what they imply, as the file says.

use super::{
    super::{
        Desk, DirectoryError,
        desk::{field, looked_up},
        functions, references,
    },
    file::GivenFunction,
};
use aggregates::{
    function::{Function, FunctionCommand},
    ids::FunctionId,
};
use std::collections::BTreeSet;

pub(super) async fn function(desk: &mut Desk, entry: &GivenFunction) -> Result<(), DirectoryError> {
    let short_name = field("short_name", &entry.short_name)?;
    let found = looked_up(projections::functions::find_by_short_name(desk.lane().connection(), &short_name).await)?;
    let (id, command) = match found {
        None => (desk.new_id(), functions::create(desk, &entry.into()).await?),
        Some(row) if row.role != entry.role => {
            let problem = format!("function {short_name} cannot become a role, nor cease to be one");
            return Err(DirectoryError::Refused(problem));
        }
        Some(row) => {
            let name = field("name", &entry.name)?;
            (row.id.uuid(), FunctionCommand::Describe { name, description: field("description", &entry.description)? })
        }
    };
    desk.execute::<Function>(id, command).await?;
    Ok(())
}

pub(super) async fn children(desk: &mut Desk, entry: &GivenFunction) -> Result<(), DirectoryError> {
    let Some(children) = &entry.children else { return Ok(()) };
    let parent = references::function(desk, &entry.short_name).await?.id;
    let rows = looked_up(projections::functions::list_children(desk.lane().connection(), parent).await)?;
    let present: BTreeSet<FunctionId> = rows.iter().map(|row| row.id).collect();
    let mut wanted = BTreeSet::new();
    for child in children {
        wanted.insert(references::function(desk, child).await?.id);
    }
    for child in present.difference(&wanted) {
        desk.execute::<Function>(parent.uuid(), FunctionCommand::RemoveChild { child: *child }).await?;
    }
    for child in wanted.difference(&present) {
        let command = functions::add_child(desk, parent, *child).await?;
        desk.execute::<Function>(parent.uuid(), command).await?;
    }
    Ok(())
}
