//! What has happened to a function.

use crate::{
    ids::FunctionId,
    values::{Description, DisplayName, ShortName},
};
use serde::{Deserialize, Serialize};

/// A past fact; stored as `function.*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunctionEvent {
    /// The function began to exist.
    Created {
        /// Its integer id.
        number: i64,
        /// Its name in references.
        short_name: ShortName,
        /// Its name to show.
        name: DisplayName,
        /// What it allows, in words.
        description: Description,
        /// Whether administrators hand it out.
        role: bool,
    },
    /// It shows another name and description.
    Described {
        /// The new name.
        name: DisplayName,
        /// The new description.
        description: Description,
    },
    /// It has another name in references.
    Renamed {
        /// The new short name.
        short_name: ShortName,
    },
    /// Administrators hand it out, or no longer.
    RoleMarked {
        /// Whether they do.
        role: bool,
    },
    /// It implies another function.
    ChildAdded {
        /// The other.
        child: FunctionId,
    },
    /// It implies it no longer.
    ChildRemoved {
        /// The other.
        child: FunctionId,
    },
    /// It ended, and implies nothing any more.
    Deleted {},
}

stored_as!(FunctionEvent {
    Created => "function.created" "1",
    Described => "function.described" "1",
    Renamed => "function.renamed" "1",
    RoleMarked => "function.role_marked" "1",
    ChildAdded => "function.child_added" "1",
    ChildRemoved => "function.child_removed" "1",
    Deleted => "function.deleted" "1",
});
