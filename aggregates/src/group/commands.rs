//! What a group can be asked to do.

use super::Member;
use crate::{
    ids::{CustomerId, DomainId},
    values::{Description, DisplayName, Permission, ShortName},
};

/// What was found out about a subject that is to become a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberFact {
    /// It exists, in the same domain, and the group is not in it.
    Fits,
    /// It does not exist in this domain, or was deleted.
    Missing,
    /// It is this group, or this group is in it.
    Above,
}

/// A wish of an administrator.
#[derive(Debug, Clone)]
pub enum GroupCommand {
    /// Begin to exist.
    Create {
        /// The integer id.
        number: i64,
        /// The domain, for good.
        domain: DomainId,
        /// The customer that it belongs to.
        customer: CustomerId,
        /// The name in references and in the `groups` claim.
        short_name: ShortName,
        /// The name to show.
        name: DisplayName,
        /// What it is for, in words.
        description: Description,
        /// Fact: another group of the domain has this short name.
        short_name_taken: bool,
        /// Fact: the customer exists in the domain and is not disabled.
        customer_fits: bool,
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
        /// Fact: another group of the domain has this short name.
        short_name_taken: bool,
    },
    /// Belong to another customer of the same domain.
    Move {
        /// Which.
        customer: CustomerId,
        /// Fact: the customer exists in the domain and is not disabled.
        customer_fits: bool,
    },
    /// Take in a user or a group.
    AddMember {
        /// Whom.
        member: Member,
        /// Fact: the member.
        member_fact: MemberFact,
    },
    /// Let it go.
    RemoveMember {
        /// Whom.
        member: Member,
    },
    /// Hold a permission.
    GrantPermission {
        /// Which.
        permission: Permission,
        /// Fact: the function exists.
        function_exists: bool,
        /// Fact: the customer exists in the group's domain and is not disabled.
        customer_fits: bool,
    },
    /// Hold it no longer.
    RevokePermission {
        /// Which.
        permission: Permission,
    },
    /// End. Its permissions end as well.
    Delete,
    /// Begin again, without a permission.
    Reenable {
        /// Fact: another group of the domain has the short name.
        short_name_taken: bool,
        /// Fact: the customer exists in the domain and is not disabled.
        customer_fits: bool,
    },
}
