//! Why a customer refuses.

use thiserror::Error;

/// A broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CustomerError {
    /// The id is in use.
    #[error("the customer exists already")]
    AlreadyExists,
    /// There is none with this id.
    #[error("there is no such customer")]
    NotFound,
    /// Short names are unique in a domain, whatever their case.
    #[error("another customer of the domain has this short name")]
    ShortNameTaken,
    /// The parent is missing, disabled, of another domain, or a second root.
    #[error("there is no such enabled customer in the domain to be its parent")]
    UnfitParent,
    /// A customer cannot lie below itself.
    #[error("the customer would lie below itself")]
    Cycle,
    /// Without its root a domain would have no administrator left.
    #[error("the root customer of a domain is neither moved nor disabled")]
    Root,
}
