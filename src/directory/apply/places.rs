//! Domains, customers and groups as the file says.

use super::{
    super::{
        Desk, DirectoryError, customers,
        desk::{field, looked_up},
        domains, groups, references,
    },
    file::{GivenCustomer, GivenGroup},
};
use aggregates::{
    customer::{Customer, CustomerCommand},
    domain::{Domain, DomainCommand},
    group::{Group, GroupCommand},
    ids::DomainId,
    values::ShortName,
};

/// The domain that an entry is about.
pub(super) async fn domain_of(
    desk: &mut Desk,
    given: Option<&ShortName>,
    default: &ShortName,
) -> Result<DomainId, DirectoryError> {
    Ok(references::domain(desk, given.unwrap_or(default).as_str()).await?.id)
}

pub(super) async fn domain(desk: &mut Desk, entry: &domains::NewDomain) -> Result<(), DirectoryError> {
    let short_name = field("short_name", &entry.short_name)?;
    let found = looked_up(projections::domains::find_by_short_name(desk.lane().connection(), &short_name).await)?;
    let (id, command) = match found {
        None => (desk.new_id(), domains::create(desk, entry).await?),
        Some(row) => (row.id.uuid(), DomainCommand::Rename { name: field("name", &entry.name)? }),
    };
    desk.execute::<Domain>(id, command).await?;
    Ok(())
}

pub(super) async fn customer(
    desk: &mut Desk,
    entry: &GivenCustomer,
    default: &ShortName,
) -> Result<(), DirectoryError> {
    let domain = domain_of(desk, entry.domain.as_ref(), default).await?;
    let short_name = field("short_name", &entry.short_name)?;
    let c = desk.lane().connection();
    let found = looked_up(projections::customers::find_by_short_name(c, domain, &short_name).await)?;
    let id = match &found {
        None => {
            let id = desk.new_id();
            let command = customers::create(desk, domain, &entry.into()).await?;
            desk.execute::<Customer>(id, command).await?;
            id
        }
        Some(row) => {
            let id = row.id.uuid();
            desk.execute::<Customer>(id, CustomerCommand::Rename { name: field("name", &entry.name)? }).await?;
            if let Some(parent) = &entry.parent {
                let parent = references::customer(desk, domain, parent).await?.id;
                let command = customers::move_below(desk, domain, row.id, parent).await?;
                desk.execute::<Customer>(id, command).await?;
            }
            id
        }
    };
    let command = if entry.disabled { CustomerCommand::Disable } else { CustomerCommand::Enable };
    desk.execute::<Customer>(id, command).await?;
    Ok(())
}

pub(super) async fn group(desk: &mut Desk, entry: &GivenGroup, default: &ShortName) -> Result<(), DirectoryError> {
    let domain = domain_of(desk, entry.domain.as_ref(), default).await?;
    let short_name = field("short_name", &entry.short_name)?;
    let c = desk.lane().connection();
    let found = looked_up(projections::groups::find_by_short_name(c, domain, &short_name).await)?;
    let (id, command) = match found {
        None => (desk.new_id(), groups::create(desk, domain, &entry.into()).await?),
        Some(row) => {
            let name = field("name", &entry.name)?;
            (row.id.uuid(), GroupCommand::Describe { name, description: field("description", &entry.description)? })
        }
    };
    desk.execute::<Group>(id, command).await?;
    Ok(())
}
