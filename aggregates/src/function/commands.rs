//! What a function can be asked to do.

use crate::{
    ids::FunctionId,
    values::{Description, DisplayName, ShortName},
};

/// What was found out about a function that is to become a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildFact {
    /// It exists, and does not lead back here.
    Fits,
    /// It does not exist.
    Missing,
    /// It is this function, or implies it.
    Above,
}

/// A wish of an administrator.
#[derive(Debug, Clone)]
pub enum FunctionCommand {
    /// Begin to exist.
    Create {
        /// The integer id.
        number: i64,
        /// The name in references.
        short_name: ShortName,
        /// The name to show.
        name: DisplayName,
        /// What it allows, in words.
        description: Description,
        /// Whether administrators hand it out.
        role: bool,
        /// Fact: another function has this short name.
        short_name_taken: bool,
    },
    /// Show another name and description.
    Describe {
        /// The new name.
        name: DisplayName,
        /// The new description.
        description: Description,
    },
    /// Imply another function.
    AddChild {
        /// The other.
        child: FunctionId,
        /// Fact: the other.
        child_fact: ChildFact,
    },
    /// Imply it no longer.
    RemoveChild {
        /// The other.
        child: FunctionId,
    },
}
