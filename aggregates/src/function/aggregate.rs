//! The rules of a function.

use super::{ChildFact, FunctionCommand, FunctionError, FunctionEvent};
use crate::{
    ids::FunctionId,
    values::{Description, DisplayName, ShortName},
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

/// A function, as far as its rules need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    state: State,
    short_name: Option<ShortName>,
    shown: Option<(DisplayName, Description)>,
    role: bool,
    children: BTreeSet<FunctionId>,
}

aggregate!(Function, "function", FunctionCommand, FunctionEvent, FunctionError);

impl Function {
    /// The events that follow from `command`.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn decide(&self, command: FunctionCommand) -> Result<Vec<FunctionEvent>, FunctionError> {
        let event = match (command, self.state) {
            (FunctionCommand::Create { .. }, State::Exists | State::Deleted) => {
                return Err(FunctionError::AlreadyExists);
            }
            (FunctionCommand::Create { short_name_taken: true, .. }, State::NotStarted) => {
                return Err(FunctionError::ShortNameTaken);
            }
            (FunctionCommand::Create { number, short_name, name, description, role, .. }, State::NotStarted) => {
                Some(FunctionEvent::Created { number, short_name, name, description, role })
            }
            (_, State::NotStarted | State::Deleted) => return Err(FunctionError::NotFound),
            (command, State::Exists) => self.change(command)?,
        };
        Ok(event.into_iter().collect())
    }

    fn change(&self, command: FunctionCommand) -> Result<Option<FunctionEvent>, FunctionError> {
        Ok(match command {
            FunctionCommand::Create { .. } => return Err(FunctionError::AlreadyExists),
            FunctionCommand::Describe { name, description } => {
                let same = self.shown.as_ref().is_some_and(|(old, words)| *old == name && *words == description);
                (!same).then_some(FunctionEvent::Described { name, description })
            }
            FunctionCommand::Rename { short_name, .. } if self.short_name.as_ref() == Some(&short_name) => None,
            FunctionCommand::Rename { built_in: true, .. } | FunctionCommand::Delete { built_in: true, .. } => {
                return Err(FunctionError::BuiltIn);
            }
            FunctionCommand::Rename { short_name_taken: true, .. } => return Err(FunctionError::ShortNameTaken),
            FunctionCommand::Rename { short_name, .. } => Some(FunctionEvent::Renamed { short_name }),
            FunctionCommand::MarkRole { role } => (self.role != role).then_some(FunctionEvent::RoleMarked { role }),
            FunctionCommand::AddChild { child, child_fact } => self.add_child(child, child_fact)?,
            FunctionCommand::RemoveChild { child } => {
                self.children.contains(&child).then_some(FunctionEvent::ChildRemoved { child })
            }
            FunctionCommand::Delete { used: true, .. } => return Err(FunctionError::InUse),
            FunctionCommand::Delete { .. } => Some(FunctionEvent::Deleted {}),
        })
    }

    fn add_child(&self, child: FunctionId, fact: ChildFact) -> Result<Option<FunctionEvent>, FunctionError> {
        match fact {
            ChildFact::Missing => Err(FunctionError::NoSuchChild),
            ChildFact::Above => Err(FunctionError::Cycle),
            ChildFact::Fits => Ok((!self.children.contains(&child)).then_some(FunctionEvent::ChildAdded { child })),
        }
    }

    fn evolve(&mut self, event: FunctionEvent) {
        match event {
            FunctionEvent::Created { short_name, name, description, role, .. } => {
                self.state = State::Exists;
                self.short_name = Some(short_name);
                self.shown = Some((name, description));
                self.role = role;
            }
            FunctionEvent::Described { name, description } => self.shown = Some((name, description)),
            FunctionEvent::Renamed { short_name } => self.short_name = Some(short_name),
            FunctionEvent::RoleMarked { role } => self.role = role,
            FunctionEvent::ChildAdded { child } => {
                self.children.insert(child);
            }
            FunctionEvent::ChildRemoved { child } => {
                self.children.remove(&child);
            }
            FunctionEvent::Deleted {} => {
                self.state = State::Deleted;
                self.children.clear();
            }
        }
    }
}
