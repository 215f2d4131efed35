//! Functions: input to command.

use super::{
    Desk, DirectoryError,
    desk::{field, looked_up},
};
use aggregates::{
    function::{ChildFact, FunctionCommand},
    ids::FunctionId,
    values::ShortName,
};
use projections::{Numbered, functions, next_number};
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
    let short_name: ShortName = field("short_name", &input.short_name)?;
    let name = field("name", &input.name)?;
    let description = field("description", &input.description)?;
    let c = desk.lane().connection();
    let number = looked_up(next_number(c, Numbered::Functions).await)?;
    let short_name_taken = looked_up(functions::find_by_short_name(c, &short_name).await)?.is_some();
    Ok(FunctionCommand::Create { number, short_name, name, description, role: input.role, short_name_taken })
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
