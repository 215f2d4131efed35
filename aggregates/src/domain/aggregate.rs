//! The rules of a domain.

use super::{DomainCommand, DomainError, DomainEvent};
use crate::values::DisplayName;
use serde::{Deserialize, Serialize};

/// A domain, as far as its rules need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    name: Option<DisplayName>,
}

aggregate!(Domain, "domain", DomainCommand, DomainEvent, DomainError);

impl Domain {
    /// The events that follow from `command`.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn decide(&self, command: DomainCommand) -> Result<Vec<DomainEvent>, DomainError> {
        match (command, &self.name) {
            (DomainCommand::Create { .. }, Some(_)) => Err(DomainError::AlreadyExists),
            (DomainCommand::Create { short_name_taken: true, .. }, None) => Err(DomainError::ShortNameTaken),
            (DomainCommand::Create { number, short_name, name, .. }, None) => {
                Ok(vec![DomainEvent::Created { number, short_name, name }])
            }
            (DomainCommand::Rename { .. }, None) => Err(DomainError::NotFound),
            (DomainCommand::Rename { name }, Some(old)) if name == *old => Ok(vec![]),
            (DomainCommand::Rename { name }, Some(_)) => Ok(vec![DomainEvent::Renamed { name }]),
        }
    }

    fn evolve(&mut self, event: DomainEvent) {
        match event {
            DomainEvent::Created { name, .. } | DomainEvent::Renamed { name } => self.name = Some(name),
        }
    }
}
