//! Permissions: input to the facts of a command.

use super::{Desk, DirectoryError, desk::looked_up, references};
use aggregates::{
    group::{Group, GroupCommand, Member},
    ids::DomainId,
    user::{User, UserCommand},
    values::Permission,
};
use projections::{customers, functions};
use serde::Deserialize;

/// A function for a customer, as input names them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPermission {
    /// The function.
    pub function: String,
    /// The customer; the domain's root unless given.
    pub customer: Option<String>,
}

/// The permission that is meant.
///
/// # Errors
/// When function or customer are not found in the domain.
pub async fn meant(desk: &mut Desk, domain: DomainId, named: &NamedPermission) -> Result<Permission, DirectoryError> {
    let function = references::function(desk, &named.function).await?.id;
    let customer = super::customers::meant(desk, domain, named.customer.as_deref()).await?;
    Ok(Permission { function, customer })
}

/// Gives a permission to a user or a group of the domain.
///
/// # Errors
/// When a rule forbids it.
pub async fn grant(
    desk: &mut Desk,
    domain: DomainId,
    subject: Member,
    permission: Permission,
) -> Result<(), DirectoryError> {
    let c = desk.lane().connection();
    let function_exists = looked_up(functions::find_by_id(c, permission.function).await)?.is_some();
    let customer_fits = looked_up(customers::is_open(c, permission.customer, domain).await)?;
    match subject {
        Member::User(user) => {
            let command = UserCommand::GrantPermission { permission, function_exists, customer_fits };
            desk.execute::<User>(user.uuid(), command).await?;
        }
        Member::Group(group) => {
            let command = GroupCommand::GrantPermission { permission, function_exists, customer_fits };
            desk.execute::<Group>(group.uuid(), command).await?;
        }
    }
    Ok(())
}

/// Takes a permission back.
///
/// # Errors
/// When a rule forbids it.
pub async fn revoke(desk: &mut Desk, subject: Member, permission: Permission) -> Result<(), DirectoryError> {
    match subject {
        Member::User(user) => {
            desk.execute::<User>(user.uuid(), UserCommand::RevokePermission { permission }).await?;
        }
        Member::Group(group) => {
            desk.execute::<Group>(group.uuid(), GroupCommand::RevokePermission { permission }).await?;
        }
    }
    Ok(())
}
