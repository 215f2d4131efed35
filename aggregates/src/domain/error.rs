//! Why a domain refuses.

use thiserror::Error;

/// A broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DomainError {
    /// The id is in use.
    #[error("the domain exists already")]
    AlreadyExists,
    /// There is none with this id.
    #[error("there is no such domain")]
    NotFound,
    /// Short names are unique, whatever their case.
    #[error("another domain has this short name")]
    ShortNameTaken,
}
