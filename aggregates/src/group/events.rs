//! What has happened to a group.

use crate::{
    ids::{CustomerId, DomainId, FunctionId, GroupId, SubjectId, UserId},
    values::{Description, DisplayName, ShortName},
};
use serde::{Deserialize, Serialize};

/// A member: a user or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Member {
    /// A user.
    User(UserId),
    /// A group, with all who are in it.
    Group(GroupId),
}

impl Member {
    /// The member's id, whatever it is.
    #[must_use]
    pub fn subject(self) -> SubjectId {
        match self {
            Self::User(user) => user.into(),
            Self::Group(group) => group.into(),
        }
    }

    /// `user` or `group`.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Group(_) => "group",
        }
    }
}

/// A past fact; stored as `group.*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupEvent {
    /// The group began to exist.
    Created {
        /// Its integer id.
        number: i64,
        /// Its domain.
        domain: DomainId,
        /// The customer that it belongs to.
        customer: CustomerId,
        /// Its name in references and in the `groups` claim.
        short_name: ShortName,
        /// Its name to show.
        name: DisplayName,
        /// What it is for, in words.
        description: Description,
    },
    /// It shows another name and description.
    Described {
        /// The new name.
        name: DisplayName,
        /// The new description.
        description: Description,
    },
    /// It has another name in references and in the `groups` claim.
    Renamed {
        /// The new short name.
        short_name: ShortName,
    },
    /// It belongs to another customer.
    Moved {
        /// The customer.
        customer: CustomerId,
    },
    /// A user or a group was taken in.
    MemberAdded {
        /// Whom.
        member: Member,
    },
    /// A member was let go.
    MemberRemoved {
        /// Whom.
        member: Member,
    },
    /// The group, with all who are in it, holds a function for a customer.
    PermissionGranted {
        /// The function.
        function: FunctionId,
        /// The customer.
        customer: CustomerId,
    },
    /// It holds it no longer.
    PermissionRevoked {
        /// The function.
        function: FunctionId,
        /// The customer.
        customer: CustomerId,
    },
    /// It ended, with all its permissions.
    Deleted {},
    /// It began again, with its members and nothing else of before.
    Reenabled {},
}

stored_as!(GroupEvent {
    Created => "group.created" "1",
    Described => "group.described" "1",
    Renamed => "group.renamed" "1",
    Moved => "group.moved" "1",
    MemberAdded => "group.member_added" "1",
    MemberRemoved => "group.member_removed" "1",
    PermissionGranted => "group.permission_granted" "1",
    PermissionRevoked => "group.permission_revoked" "1",
    Deleted => "group.deleted" "1",
    Reenabled => "group.reenabled" "1",
});
