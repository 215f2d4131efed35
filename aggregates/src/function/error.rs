//! Why a function refuses.

use thiserror::Error;

/// A broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FunctionError {
    /// The id is in use.
    #[error("the function exists already")]
    AlreadyExists,
    /// There is none with this id.
    #[error("there is no such function")]
    NotFound,
    /// Short names are unique, whatever their case.
    #[error("another function has this short name")]
    ShortNameTaken,
    /// The child does not exist.
    #[error("there is no such function to be implied")]
    NoSuchChild,
    /// The server asks for it by its name.
    #[error("a built-in function is neither renamed nor deleted")]
    BuiltIn,
    /// A permission, a client or another function refers to it.
    #[error("permissions or clients still refer to the function")]
    InUse,
    /// A function cannot imply itself.
    #[error("the function would imply itself")]
    Cycle,
}
