//! Whole lists: members of groups, permissions of subjects.

use super::{
    super::{
        Desk, DirectoryError,
        desk::looked_up,
        groups,
        permissions::{self, NamedPermission},
        references,
    },
    file::GivenGroup,
    places::domain_of,
};
use aggregates::{
    group::{Group, GroupCommand, Member},
    ids::{DomainId, GroupId},
    values::{Permission, ShortName},
};
use std::collections::BTreeSet;

/// Members and permissions of a group that exists.
pub(super) async fn group(desk: &mut Desk, entry: &GivenGroup, default: &ShortName) -> Result<(), DirectoryError> {
    let domain = domain_of(desk, entry.domain.as_ref(), default).await?;
    let group = references::group(desk, domain, &entry.short_name).await?.id;
    members(desk, domain, group, entry).await?;
    held(desk, domain, Member::Group(group), entry.permissions.as_deref()).await
}

async fn members(desk: &mut Desk, domain: DomainId, group: GroupId, entry: &GivenGroup) -> Result<(), DirectoryError> {
    let present: BTreeSet<Member> =
        looked_up(projections::groups::list_members(desk.lane().connection(), group).await)?.into_iter().collect();
    // A kind of member that the file does not list stays as it is.
    let unlisted = |member: &Member| match member {
        Member::User(_) => entry.users.is_none(),
        Member::Group(_) => entry.groups.is_none(),
    };
    let mut wanted: BTreeSet<Member> = present.iter().copied().filter(unlisted).collect();
    for user in entry.users.iter().flatten() {
        wanted.insert(groups::member(desk, domain, Some(user), None).await?);
    }
    for inner in entry.groups.iter().flatten() {
        wanted.insert(groups::member(desk, domain, None, Some(inner)).await?);
    }
    for member in present.difference(&wanted) {
        desk.execute::<Group>(group.uuid(), GroupCommand::RemoveMember { member: *member }).await?;
    }
    for member in wanted.difference(&present) {
        let command = groups::add_member(desk, domain, group, *member).await?;
        desk.execute::<Group>(group.uuid(), command).await?;
    }
    Ok(())
}

/// Permissions of a subject; `None`: they stay as they are.
pub(super) async fn held(
    desk: &mut Desk,
    domain: DomainId,
    subject: Member,
    listed: Option<&[NamedPermission]>,
) -> Result<(), DirectoryError> {
    let Some(listed) = listed else { return Ok(()) };
    let c = desk.lane().connection();
    let present = looked_up(projections::permissions::list_by_subject(c, subject.subject()).await)?;
    let present: BTreeSet<Permission> = present.into_iter().collect();
    let mut wanted = BTreeSet::new();
    for named in listed {
        wanted.insert(permissions::meant(desk, domain, named).await?);
    }
    for permission in present.difference(&wanted) {
        permissions::revoke(desk, subject, *permission).await?;
    }
    for permission in wanted.difference(&present) {
        permissions::grant(desk, domain, subject, *permission).await?;
    }
    Ok(())
}
