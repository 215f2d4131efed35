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
    /// Have another name in references.
    Rename {
        /// The new short name.
        short_name: ShortName,
        /// Fact: another function has this short name.
        short_name_taken: bool,
        /// Fact: the server asks for this function by its name.
        built_in: bool,
    },
    /// Be handed out by administrators, or no longer.
    MarkRole {
        /// Whether it is.
        role: bool,
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
    /// End. What it implied is implied by it no longer.
    Delete {
        /// Fact: the server asks for this function by its name.
        built_in: bool,
        /// Fact: a permission, a client or another function refers to it.
        used: bool,
    },
}
