//! The rules of a customer.

use super::{CustomerCommand, CustomerError, CustomerEvent, ParentFact};
use crate::{
    ids::CustomerId,
    values::{DisplayName, ShortName},
};
use serde::{Deserialize, Serialize};

/// A customer, as far as its rules need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    name: Option<DisplayName>,
    short_name: Option<ShortName>,
    parent: Option<CustomerId>,
    disabled: bool,
}

aggregate!(Customer, "customer", CustomerCommand, CustomerEvent, CustomerError);

impl Customer {
    /// The events that follow from `command`.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn decide(&self, command: CustomerCommand) -> Result<Vec<CustomerEvent>, CustomerError> {
        if let CustomerCommand::Create { .. } = command {
            return self.create(command);
        }
        let name = self.name.as_ref().ok_or(CustomerError::NotFound)?;
        match command {
            CustomerCommand::Create { .. } => Err(CustomerError::AlreadyExists),
            CustomerCommand::Rename { name: new } if new == *name => Ok(vec![]),
            CustomerCommand::Rename { name } => Ok(vec![CustomerEvent::Renamed { name }]),
            CustomerCommand::ChangeShortName { short_name, .. } if self.short_name.as_ref() == Some(&short_name) => {
                Ok(vec![])
            }
            CustomerCommand::ChangeShortName { short_name_taken: true, .. } => Err(CustomerError::ShortNameTaken),
            CustomerCommand::ChangeShortName { short_name, .. } => {
                Ok(vec![CustomerEvent::ShortNameChanged { short_name }])
            }
            CustomerCommand::Move { parent, .. } if self.parent == Some(parent) => Ok(vec![]),
            CustomerCommand::Move { .. } | CustomerCommand::Disable if self.parent.is_none() => {
                Err(CustomerError::Root)
            }
            CustomerCommand::Move { parent, parent_fact } => {
                fits(parent_fact)?;
                Ok(vec![CustomerEvent::Moved { parent }])
            }
            CustomerCommand::Disable if self.disabled => Ok(vec![]),
            CustomerCommand::Disable => Ok(vec![CustomerEvent::Disabled {}]),
            CustomerCommand::Enable if self.disabled => Ok(vec![CustomerEvent::Enabled {}]),
            CustomerCommand::Enable => Ok(vec![]),
        }
    }

    fn create(&self, command: CustomerCommand) -> Result<Vec<CustomerEvent>, CustomerError> {
        match command {
            CustomerCommand::Create { number, domain, parent, short_name, name, short_name_taken, parent_fact }
                if self.name.is_none() =>
            {
                fits(parent_fact)?;
                if short_name_taken {
                    return Err(CustomerError::ShortNameTaken);
                }
                Ok(vec![CustomerEvent::Created { number, domain, parent, short_name, name }])
            }
            _ => Err(CustomerError::AlreadyExists),
        }
    }

    fn evolve(&mut self, event: CustomerEvent) {
        match event {
            CustomerEvent::Created { name, short_name, parent, .. } => {
                self.name = Some(name);
                self.short_name = Some(short_name);
                self.parent = parent;
            }
            CustomerEvent::Renamed { name } => self.name = Some(name),
            CustomerEvent::ShortNameChanged { short_name } => self.short_name = Some(short_name),
            CustomerEvent::Moved { parent } => self.parent = Some(parent),
            CustomerEvent::Disabled {} => self.disabled = true,
            CustomerEvent::Enabled {} => self.disabled = false,
        }
    }
}

const fn fits(fact: ParentFact) -> Result<(), CustomerError> {
    match fact {
        ParentFact::Fits => Ok(()),
        ParentFact::Unfit => Err(CustomerError::UnfitParent),
        ParentFact::Below => Err(CustomerError::Cycle),
    }
}
