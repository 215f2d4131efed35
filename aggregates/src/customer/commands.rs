//! What a customer can be asked to do.

use crate::{
    ids::{CustomerId, DomainId},
    values::{DisplayName, ShortName},
};

/// What was found out about the parent that a customer is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParentFact {
    /// It exists, in the same domain, and is not disabled; or no parent is wanted and the domain has no root yet.
    Fits,
    /// It does not exist in this domain, is disabled, or a second root was asked for.
    Unfit,
    /// It is the customer itself or lies below it.
    Below,
}

/// A wish of an administrator.
#[derive(Debug, Clone)]
pub enum CustomerCommand {
    /// Begin to exist.
    Create {
        /// The integer id.
        number: i64,
        /// The domain, for good.
        domain: DomainId,
        /// The customer above; `None` makes the domain's root.
        parent: Option<CustomerId>,
        /// The name in references.
        short_name: ShortName,
        /// The name to show.
        name: DisplayName,
        /// Fact: another customer of the domain has this short name.
        short_name_taken: bool,
        /// Fact: the parent.
        parent_fact: ParentFact,
    },
    /// Show another name.
    Rename {
        /// The new name.
        name: DisplayName,
    },
    /// Have another name in references.
    ChangeShortName {
        /// The new short name.
        short_name: ShortName,
        /// Fact: another customer of the domain has this short name.
        short_name_taken: bool,
    },
    /// Go below another customer.
    Move {
        /// The customer above.
        parent: CustomerId,
        /// Fact: the parent.
        parent_fact: ParentFact,
    },
    /// Shut out.
    Disable,
    /// Let in again.
    Enable,
}
