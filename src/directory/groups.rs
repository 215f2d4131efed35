//! Groups: input to command.

use super::{
    Desk, DirectoryError, customers as places,
    desk::{field, looked_up},
    references,
};
use aggregates::{
    group::{GroupCommand, Member, MemberFact},
    ids::{CustomerId, DomainId, GroupId},
    values::{Description, DisplayName, ShortName},
};
use projections::{
    Numbered, customers,
    groups::{self, GroupRow},
    next_number, users,
};
use serde::Deserialize;

/// A group that is to be.
#[derive(Debug, Clone, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// The name in references and in the `groups` claim.
    pub short_name: String,
    /// The name to show.
    #[arg(long)]
    pub name: String,
    /// What it is for, in words.
    #[arg(long, default_value = "")]
    #[serde(default)]
    pub description: String,
    /// The customer that it belongs to; the domain's root unless given.
    #[arg(long)]
    pub customer: Option<String>,
}

/// The command that makes it.
///
/// # Errors
/// When a field is refused or the customer is not found.
pub async fn create(desk: &mut Desk, domain: DomainId, input: &NewGroup) -> Result<GroupCommand, DirectoryError> {
    let named = NamedGroup {
        short_name: field("short_name", &input.short_name)?,
        name: field("name", &input.name)?,
        description: field("description", &input.description)?,
    };
    let customer = places::meant(desk, domain, input.customer.as_deref()).await?;
    create_at(desk, (domain, customer), named).await
}

/// What a group is called.
pub struct NamedGroup {
    /// The name in references and in the `groups` claim.
    pub short_name: ShortName,
    /// The name to show.
    pub name: DisplayName,
    /// What it is for, in words.
    pub description: Description,
}

/// The same for a customer that is known.
///
/// # Errors
/// When the database is away.
pub async fn create_at(
    desk: &mut Desk,
    (domain, customer): (DomainId, CustomerId),
    named: NamedGroup,
) -> Result<GroupCommand, DirectoryError> {
    let NamedGroup { short_name, name, description } = named;
    let c = desk.lane().connection();
    Ok(GroupCommand::Create {
        number: looked_up(next_number(c, Numbered::Subjects).await)?,
        short_name_taken: looked_up(groups::find_by_short_name(c, domain, &short_name).await)?.is_some(),
        customer_fits: looked_up(customers::is_open(c, customer, domain).await)?,
        domain,
        customer,
        short_name,
        name,
        description,
    })
}

/// The command that gives a group another name in references.
///
/// # Errors
/// When the database is away.
pub async fn rename(desk: &mut Desk, group: &GroupRow, short_name: ShortName) -> Result<GroupCommand, DirectoryError> {
    let named = looked_up(groups::find_by_short_name(desk.lane().connection(), group.domain, &short_name).await)?;
    let short_name_taken = named.is_some_and(|other| other.id != group.id);
    Ok(GroupCommand::Rename { short_name, short_name_taken })
}

/// The command that puts a group into another customer of the same domain.
///
/// # Errors
/// When the database is away.
pub async fn move_to(desk: &mut Desk, domain: DomainId, customer: CustomerId) -> Result<GroupCommand, DirectoryError> {
    let customer_fits = looked_up(customers::is_open(desk.lane().connection(), customer, domain).await)?;
    Ok(GroupCommand::Move { customer, customer_fits })
}

/// The command that lets a deleted group begin again.
///
/// # Errors
/// When the database is away.
pub async fn reenable(desk: &mut Desk, group: &GroupRow) -> Result<GroupCommand, DirectoryError> {
    let c = desk.lane().connection();
    let short_name_taken = match group.short_name.parse::<ShortName>() {
        Ok(name) => looked_up(groups::find_by_short_name(c, group.domain, &name).await)?.is_some(),
        Err(_) => true,
    };
    let customer_fits = looked_up(customers::is_open(c, group.customer, group.domain).await)?;
    Ok(GroupCommand::Reenable { short_name_taken, customer_fits })
}

/// The command that takes a member in.
///
/// # Errors
/// When the database is away.
pub async fn add_member(
    desk: &mut Desk,
    domain: DomainId,
    group: GroupId,
    member: Member,
) -> Result<GroupCommand, DirectoryError> {
    let c = desk.lane().connection();
    let exists = match member {
        Member::User(user) => looked_up(users::find_by_id(c, user).await)?
            .is_some_and(|row| row.domain == domain && row.status != "deleted"),
        Member::Group(inner) => looked_up(groups::find_by_id(c, inner).await)?.is_some_and(|row| row.domain == domain),
    };
    let above = match member {
        Member::User(_) => false,
        Member::Group(inner) => looked_up(groups::is_within(c, group, inner).await)?,
    };
    let member_fact = match (exists, above) {
        (false, _) => MemberFact::Missing,
        (true, true) => MemberFact::Above,
        (true, false) => MemberFact::Fits,
    };
    Ok(GroupCommand::AddMember { member, member_fact })
}

/// The user or group of a domain that input means; exactly one of them is given.
///
/// # Errors
/// When neither or both are given, or it is not found.
pub async fn member(
    desk: &mut Desk,
    domain: DomainId,
    user: Option<&str>,
    group: Option<&str>,
) -> Result<Member, DirectoryError> {
    match (user, group) {
        (Some(user), None) => Ok(Member::User(references::user(desk, domain, user).await?.id)),
        (None, Some(group)) => Ok(Member::Group(references::group(desk, domain, group).await?.id)),
        _ => Err(DirectoryError::invalid("member")("give either a user or a group".to_owned())),
    }
}
