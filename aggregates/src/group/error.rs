//! Why a group refuses.

use thiserror::Error;

/// A broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GroupError {
    /// The id is in use.
    #[error("the group exists already")]
    AlreadyExists,
    /// There is none with this id, or it was deleted.
    #[error("there is no such group")]
    NotFound,
    /// Short names are unique in a domain, whatever their case.
    #[error("another group of the domain has this short name")]
    ShortNameTaken,
    /// The member does not exist in the domain.
    #[error("there is no such user or group in the domain")]
    NoSuchMember,
    /// A group cannot be in itself.
    #[error("the group would be in itself")]
    Cycle,
    /// The function does not exist.
    #[error("there is no such function")]
    NoSuchFunction,
    /// The customer does not exist in the domain, or is disabled.
    #[error("there is no such enabled customer in the domain")]
    NoSuchCustomer,
}
