//! Functions: input to command.

use super::{
    Desk, DirectoryError, builtin,
    desk::{field, looked_up},
};
use crate::{
    event_store::{ExecuteError, StorageError},
    http::ArgusError,
};
use aggregates::{
    function::{ChildFact, Function, FunctionCommand, FunctionError},
    ids::FunctionId,
    values::{Description, DisplayName, ShortName},
};
use projections::{
    Numbered,
    functions::{self, FunctionRow},
    next_number,
};
use serde::Deserialize;

/// A function that is to be.
#[derive(Debug, Clone, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct NewFunction {
    /// The name in references.
    pub short_name: String,
    /// The name to show.
    #[arg(long)]
    pub name: String,
    /// What it allows, in words.
    #[arg(long, default_value = "")]
    #[serde(default)]
    pub description: String,
    /// Administrators hand it out.
    #[arg(long)]
    #[serde(default)]
    pub role: bool,
}

/// The command that makes it.
///
/// # Errors
/// When a field is refused.
pub async fn create(desk: &mut Desk, input: &NewFunction) -> Result<FunctionCommand, DirectoryError> {
    let named = NamedFunction {
        short_name: field("short_name", &input.short_name)?,
        name: field("name", &input.name)?,
        description: field("description", &input.description)?,
        role: input.role,
    };
    create_named(desk, named).await
}

/// What a function is called, and whether it is a role.
#[derive(Debug, Clone)]
pub struct NamedFunction {
    /// The name in references.
    pub short_name: ShortName,
    /// The name to show.
    pub name: DisplayName,
    /// What it allows, in words.
    pub description: Description,
    /// Administrators hand it out.
    pub role: bool,
}

/// The same for texts that were parsed.
///
/// # Errors
/// When the database is away.
pub async fn create_named(desk: &mut Desk, named: NamedFunction) -> Result<FunctionCommand, DirectoryError> {
    let NamedFunction { short_name, name, description, role } = named;
    let c = desk.lane().connection();
    let number = looked_up(next_number(c, Numbered::Functions).await)?;
    let short_name_taken = looked_up(functions::find_by_short_name(c, &short_name).await)?.is_some();
    Ok(FunctionCommand::Create { number, short_name, name, description, role, short_name_taken })
}

/// The command that gives a function another name in references.
///
/// # Errors
/// When the database is away.
pub async fn rename(
    desk: &mut Desk,
    function: &FunctionRow,
    short_name: ShortName,
) -> Result<FunctionCommand, DirectoryError> {
    let named = looked_up(functions::find_by_short_name(desk.lane().connection(), &short_name).await)?;
    let short_name_taken = named.is_some_and(|other| other.id != function.id);
    let built_in = builtin::is_built_in(&function.short_name);
    Ok(FunctionCommand::Rename { short_name, short_name_taken, built_in })
}

/// Deletes a function, after it was taken out of everything that implies it.
///
/// # Errors
/// When it is built in, or a permission or a client refers to it.
pub async fn delete(desk: &mut Desk, function: &FunctionRow) -> Result<(), DirectoryError> {
    let c = desk.lane().connection();
    let used = looked_up(functions::is_used(c, function.id).await)?;
    let parents = looked_up(functions::list_parents(c, function.id).await)?;
    let built_in = builtin::is_built_in(&function.short_name);
    for parent in parents {
        desk.execute::<Function>(parent.id.uuid(), FunctionCommand::RemoveChild { child: function.id }).await?;
    }
    desk.execute::<Function>(function.id.uuid(), FunctionCommand::Delete { built_in, used }).await?;
    Ok(())
}

/// The answer to a command that was not carried out.
#[must_use]
pub fn refused(error: ExecuteError<FunctionError>) -> ArgusError {
    match error {
        ExecuteError::Refused(rule) => match rule {
            FunctionError::NotFound => ArgusError::NotFound,
            FunctionError::ShortNameTaken => ArgusError::field("name", rule),
            FunctionError::NoSuchChild | FunctionError::Cycle => ArgusError::field("children", rule),
            FunctionError::AlreadyExists | FunctionError::BuiltIn | FunctionError::InUse => {
                ArgusError::Refused(rule.to_string())
            }
        },
        ExecuteError::Storage(StorageError::Constraint { name }) if name == "functions_short_name" => {
            ArgusError::field("name", FunctionError::ShortNameTaken)
        }
        other => other.into(),
    }
}

/// The command that makes a function imply another.
///
/// # Errors
/// When the database is away.
pub async fn add_child(
    desk: &mut Desk,
    parent: FunctionId,
    child: FunctionId,
) -> Result<FunctionCommand, DirectoryError> {
    let c = desk.lane().connection();
    let exists = looked_up(functions::find_by_id(c, child).await)?.is_some();
    let child_fact = match exists {
        false => ChildFact::Missing,
        true if looked_up(functions::implies(c, child, parent).await)? => ChildFact::Above,
        true => ChildFact::Fits,
    };
    Ok(FunctionCommand::AddChild { child, child_fact })
}
