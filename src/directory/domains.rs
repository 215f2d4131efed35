//! Domains: input to command.

use super::{
    Desk, DirectoryError,
    desk::{field, looked_up},
};
use aggregates::{domain::DomainCommand, values::ShortName};
use projections::{Numbered, domains, next_number};
use serde::Deserialize;

/// A domain that is to be.
#[derive(Debug, Clone, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct NewDomain {
    /// The name in references.
    pub short_name: String,
    /// The name to show.
    #[arg(long)]
    pub name: String,
}

/// The command that makes it.
///
/// # Errors
/// When a field is refused.
pub async fn create(desk: &mut Desk, input: &NewDomain) -> Result<DomainCommand, DirectoryError> {
    let short_name: ShortName = field("short_name", &input.short_name)?;
    let name = field("name", &input.name)?;
    let c = desk.lane().connection();
    let number = looked_up(next_number(c, Numbered::Domains).await)?;
    let short_name_taken = looked_up(domains::find_by_short_name(c, &short_name).await)?.is_some();
    Ok(DomainCommand::Create { number, short_name, name, short_name_taken })
}
