//! The rules of a function.

use super::{ChildFact, FunctionCommand, FunctionError, FunctionEvent};
use crate::{
    ids::FunctionId,
    values::{Description, DisplayName},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A function, as far as its rules need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    shown: Option<(DisplayName, Description)>,
    children: BTreeSet<FunctionId>,
}

aggregate!(Function, "function", FunctionCommand, FunctionEvent, FunctionError);

impl Function {
    /// The events that follow from `command`.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn decide(&self, command: FunctionCommand) -> Result<Vec<FunctionEvent>, FunctionError> {
        match (command, &self.shown) {
            (FunctionCommand::Create { .. }, Some(_)) => Err(FunctionError::AlreadyExists),
            (FunctionCommand::Create { short_name_taken: true, .. }, None) => Err(FunctionError::ShortNameTaken),
            (FunctionCommand::Create { number, short_name, name, description, role, .. }, None) => {
                Ok(vec![FunctionEvent::Created { number, short_name, name, description, role }])
            }
            (_, None) => Err(FunctionError::NotFound),
            (FunctionCommand::Describe { name, description }, Some((old_name, old_description))) => {
                let same = name == *old_name && description == *old_description;
                Ok(if same { vec![] } else { vec![FunctionEvent::Described { name, description }] })
            }
            (FunctionCommand::AddChild { child, child_fact }, Some(_)) => self.add_child(child, child_fact),
            (FunctionCommand::RemoveChild { child }, Some(_)) if self.children.contains(&child) => {
                Ok(vec![FunctionEvent::ChildRemoved { child }])
            }
            (FunctionCommand::RemoveChild { .. }, Some(_)) => Ok(vec![]),
        }
    }

    fn add_child(&self, child: FunctionId, fact: ChildFact) -> Result<Vec<FunctionEvent>, FunctionError> {
        match fact {
            ChildFact::Missing => Err(FunctionError::NoSuchChild),
            ChildFact::Above => Err(FunctionError::Cycle),
            ChildFact::Fits if self.children.contains(&child) => Ok(vec![]),
            ChildFact::Fits => Ok(vec![FunctionEvent::ChildAdded { child }]),
        }
    }

    fn evolve(&mut self, event: FunctionEvent) {
        match event {
            FunctionEvent::Created { name, description, .. } | FunctionEvent::Described { name, description } => {
                self.shown = Some((name, description));
            }
            FunctionEvent::ChildAdded { child } => {
                self.children.insert(child);
            }
            FunctionEvent::ChildRemoved { child } => {
                self.children.remove(&child);
            }
        }
    }
}
