//! The rules of a group.

use super::{GroupCommand, GroupError, GroupEvent, Member, MemberFact};
use crate::{
    ids::CustomerId,
    values::{Description, DisplayName, Permission, ShortName},
};
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
    customer: Option<CustomerId>,
    short_name: Option<ShortName>,
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
            (GroupCommand::Reenable { short_name_taken, customer_fits }, State::Deleted) => {
                Some(reenable(short_name_taken, customer_fits)?)
            }
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
            GroupCommand::Rename { short_name_taken: true, .. } => return Err(GroupError::ShortNameTaken),
            GroupCommand::Rename { short_name, .. } => {
                (self.short_name.as_ref() != Some(&short_name)).then_some(GroupEvent::Renamed { short_name })
            }
            GroupCommand::Move { customer_fits: false, .. } => return Err(GroupError::NoSuchCustomer),
            GroupCommand::Move { customer, .. } => {
                (self.customer != Some(customer)).then_some(GroupEvent::Moved { customer })
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
            GroupCommand::Reenable { .. } => None,
        })
    }

    fn evolve(&mut self, event: GroupEvent) {
        match event {
            GroupEvent::Created { customer, short_name, name, description, .. } => {
                self.state = State::Exists;
                self.customer = Some(customer);
                self.short_name = Some(short_name);
                self.shown = Some((name, description));
            }
            GroupEvent::Described { name, description } => self.shown = Some((name, description)),
            GroupEvent::Renamed { short_name } => self.short_name = Some(short_name),
            GroupEvent::Moved { customer } => self.customer = Some(customer),
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
            GroupEvent::Deleted {} => {
                self.state = State::Deleted;
                self.permissions.clear();
            }
            GroupEvent::Reenabled {} => self.state = State::Exists,
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

const fn reenable(short_name_taken: bool, customer_fits: bool) -> Result<GroupEvent, GroupError> {
    match (short_name_taken, customer_fits) {
        (true, _) => Err(GroupError::ShortNameTaken),
        (_, false) => Err(GroupError::NoSuchCustomer),
        (false, true) => Ok(GroupEvent::Reenabled {}),
    }
}

const fn fits(fact: MemberFact) -> Result<(), GroupError> {
    match fact {
        MemberFact::Fits => Ok(()),
        MemberFact::Missing => Err(GroupError::NoSuchMember),
        MemberFact::Above => Err(GroupError::Cycle),
    }
}
