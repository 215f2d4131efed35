//! Groups: input to command.

use super::{
    Desk, DirectoryError, customers as places,
    desk::{field, looked_up},
    references,
};
use aggregates::{
    group::{GroupCommand, Member, MemberFact},
    ids::{DomainId, GroupId},
    values::ShortName,
};
use projections::{Numbered, customers, groups, next_number, users};
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
    let short_name: ShortName = field("short_name", &input.short_name)?;
    let name = field("name", &input.name)?;
    let description = field("description", &input.description)?;
    let customer = places::meant(desk, domain, input.customer.as_deref()).await?;
    let c = desk.lane().connection();
    Ok(GroupCommand::Create {
        number: looked_up(next_number(c, Numbered::Groups).await)?,
        short_name_taken: looked_up(groups::find_by_short_name(c, domain, &short_name).await)?.is_some(),
        customer_fits: looked_up(customers::is_open(c, customer, domain).await)?,
        domain,
        customer,
        short_name,
        name,
        description,
    })
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
