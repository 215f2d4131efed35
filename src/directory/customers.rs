//! Customers: input to command.

use super::{
    Desk, DirectoryError,
    desk::{field, looked_up},
    references,
};
use crate::{
    event_store::{ExecuteError, StorageError},
    http::ArgusError,
};
use aggregates::{
    customer::{CustomerCommand, CustomerError, ParentFact},
    ids::{CustomerId, DomainId},
    values::{DisplayName, ShortName},
};
use projections::{Numbered, customers, next_number};
use serde::Deserialize;

/// A customer that is to be.
#[derive(Debug, Clone, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// The name in references.
    pub short_name: String,
    /// The name to show.
    #[arg(long)]
    pub name: String,
    /// The customer above; the domain's root unless given.
    #[arg(long)]
    pub parent: Option<String>,
}

/// The command that makes it. The first customer of a domain is its root; later ones go below it unless said otherwise.
///
/// # Errors
/// When a field is refused or the parent is not found.
pub async fn create(desk: &mut Desk, domain: DomainId, input: &NewCustomer) -> Result<CustomerCommand, DirectoryError> {
    let short_name: ShortName = field("short_name", &input.short_name)?;
    let name = field("name", &input.name)?;
    let parent = match &input.parent {
        Some(reference) => Some(references::customer(desk, domain, reference).await?.id),
        None => root(desk, domain).await?,
    };
    create_below(desk, (domain, parent), (short_name, name)).await
}

/// The same for a parent that is known and texts that were parsed.
///
/// # Errors
/// When the database is away.
pub async fn create_below(
    desk: &mut Desk,
    (domain, parent): (DomainId, Option<CustomerId>),
    (short_name, name): (ShortName, DisplayName),
) -> Result<CustomerCommand, DirectoryError> {
    let parent_fact = match parent {
        Some(parent) => open_parent(desk, domain, parent).await?,
        None => ParentFact::Fits,
    };
    let c = desk.lane().connection();
    let number = looked_up(next_number(c, Numbered::Customers).await)?;
    let short_name_taken = looked_up(customers::find_by_short_name(c, domain, &short_name).await)?.is_some();
    Ok(CustomerCommand::Create { number, domain, parent, short_name, name, short_name_taken, parent_fact })
}

/// The command that gives a customer another name in references.
///
/// # Errors
/// When the database is away.
pub async fn change_short_name(
    desk: &mut Desk,
    (domain, id): (DomainId, CustomerId),
    short_name: ShortName,
) -> Result<CustomerCommand, DirectoryError> {
    let named = looked_up(customers::find_by_short_name(desk.lane().connection(), domain, &short_name).await)?;
    let short_name_taken = named.is_some_and(|other| other.id != id);
    Ok(CustomerCommand::ChangeShortName { short_name, short_name_taken })
}

/// The command that puts a customer below another.
///
/// # Errors
/// When the database is away.
pub async fn move_below(
    desk: &mut Desk,
    domain: DomainId,
    id: CustomerId,
    parent: CustomerId,
) -> Result<CustomerCommand, DirectoryError> {
    let below = looked_up(customers::is_within(desk.lane().connection(), parent, id).await)?;
    let parent_fact = if below { ParentFact::Below } else { open_parent(desk, domain, parent).await? };
    Ok(CustomerCommand::Move { parent, parent_fact })
}

/// The answer to a command that was not carried out.
#[must_use]
pub fn refused(error: ExecuteError<CustomerError>) -> ArgusError {
    match error {
        ExecuteError::Refused(rule) => match rule {
            CustomerError::NotFound => ArgusError::NotFound,
            CustomerError::ShortNameTaken => ArgusError::field("shortName", rule),
            CustomerError::UnfitParent | CustomerError::Cycle => ArgusError::field("parent", rule),
            CustomerError::AlreadyExists | CustomerError::Root => ArgusError::Refused(rule.to_string()),
        },
        ExecuteError::Storage(StorageError::Constraint { name }) if name == "customers_short_name" => {
            ArgusError::field("shortName", CustomerError::ShortNameTaken)
        }
        other => other.into(),
    }
}

/// The root of a domain, unless the domain is empty.
pub(crate) async fn root(desk: &mut Desk, domain: DomainId) -> Result<Option<CustomerId>, DirectoryError> {
    let roots = looked_up(customers::list_roots(desk.lane().connection(), domain).await)?;
    Ok(roots.first().map(|root| root.id))
}

/// The customer that is meant, or the domain's root.
pub(crate) async fn meant(
    desk: &mut Desk,
    domain: DomainId,
    reference: Option<&str>,
) -> Result<CustomerId, DirectoryError> {
    if let Some(reference) = reference {
        return Ok(references::customer(desk, domain, reference).await?.id);
    }
    let missing = || DirectoryError::Refused("the domain has no customer yet".to_owned());
    root(desk, domain).await?.ok_or_else(missing)
}

async fn open_parent(desk: &mut Desk, domain: DomainId, parent: CustomerId) -> Result<ParentFact, DirectoryError> {
    let open = looked_up(customers::is_open(desk.lane().connection(), parent, domain).await)?;
    Ok(if open { ParentFact::Fits } else { ParentFact::Unfit })
}
