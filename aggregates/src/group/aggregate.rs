//! The rules of a group.

use super::{GroupCommand, GroupError, GroupEvent, Member, MemberFact};
use crate::values::{Description, DisplayName, Permission};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    #[default]
    NotStarted,
    Exists,
    Deleted,
}

/// A group, as far as its rules need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    state: State,
    shown: Option<(DisplayName, Description)>,
    members: BTreeSet<Member>,
    permissions: BTreeSet<Permission>,
}

aggregate!(Group, "group", GroupCommand, GroupEvent, GroupError);

impl Group {
    /// The events that follow from `command`; none when everything is so already.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn decide(&self, command: GroupCommand) -> Result<Vec<GroupEvent>, GroupError> {
        let event = match (command, self.state) {
            (command @ GroupCommand::Create { .. }, State::NotStarted) => Some(create(command)?),
            (GroupCommand::Create { .. }, State::Exists | State::Deleted) => return Err(GroupError::AlreadyExists),
            (_, State::NotStarted | State::Deleted) => return Err(GroupError::NotFound),
            (command, State::Exists) => self.change(command)?,
        };
        Ok(event.into_iter().collect())
    }

    fn change(&self, command: GroupCommand) -> Result<Option<GroupEvent>, GroupError> {
        Ok(match command {
            GroupCommand::Create { .. } => return Err(GroupError::AlreadyExists),
            GroupCommand::Describe { name, description } => {
                let same = self.shown.as_ref().is_some_and(|(old, words)| *old == name && *words == description);
                (!same).then_some(GroupEvent::Described { name, description })
            }
            GroupCommand::AddMember { member, member_fact } => {
                fits(member_fact)?;
                (!self.members.contains(&member)).then_some(GroupEvent::MemberAdded { member })
            }
            GroupCommand::RemoveMember { member } => {
                self.members.contains(&member).then_some(GroupEvent::MemberRemoved { member })
            }
            GroupCommand::GrantPermission { function_exists: false, .. } => return Err(GroupError::NoSuchFunction),
            GroupCommand::GrantPermission { customer_fits: false, .. } => return Err(GroupError::NoSuchCustomer),
            GroupCommand::GrantPermission { permission, .. } => {
                let Permission { function, customer } = permission;
                (!self.permissions.contains(&permission))
                    .then_some(GroupEvent::PermissionGranted { function, customer })
            }
            GroupCommand::RevokePermission { permission } => {
                let Permission { function, customer } = permission;
                self.permissions.contains(&permission).then_some(GroupEvent::PermissionRevoked { function, customer })
            }
            GroupCommand::Delete => Some(GroupEvent::Deleted {}),
        })
    }

    fn evolve(&mut self, event: GroupEvent) {
        match event {
            GroupEvent::Created { name, description, .. } => {
                self.state = State::Exists;
                self.shown = Some((name, description));
            }
            GroupEvent::Described { name, description } => self.shown = Some((name, description)),
            GroupEvent::MemberAdded { member } => {
                self.members.insert(member);
            }
            GroupEvent::MemberRemoved { member } => {
                self.members.remove(&member);
            }
            GroupEvent::PermissionGranted { function, customer } => {
                self.permissions.insert(Permission { function, customer });
            }
            GroupEvent::PermissionRevoked { function, customer } => {
                self.permissions.remove(&Permission { function, customer });
            }
            GroupEvent::Deleted {} => self.state = State::Deleted,
        }
    }
}

fn create(command: GroupCommand) -> Result<GroupEvent, GroupError> {
    match command {
        GroupCommand::Create { short_name_taken: true, .. } => Err(GroupError::ShortNameTaken),
        GroupCommand::Create { customer_fits: false, .. } => Err(GroupError::NoSuchCustomer),
        GroupCommand::Create { number, domain, customer, short_name, name, description, .. } => {
            Ok(GroupEvent::Created { number, domain, customer, short_name, name, description })
        }
        _ => Err(GroupError::NotFound),
    }
}

const fn fits(fact: MemberFact) -> Result<(), GroupError> {
    match fact {
        MemberFact::Fits => Ok(()),
        MemberFact::Missing => Err(GroupError::NoSuchMember),
        MemberFact::Above => Err(GroupError::Cycle),
    }
}
