//! Why a signing key refused.

use thiserror::Error;

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SigningKeyError {
    /// There is a key under this id.
    #[error("the key exists")]
    Exists,
    /// Only a successor can be activated.
    #[error("the key is not a successor")]
    NotSuccessor,
    /// Relying parties may not have seen it yet.
    #[error("the key has not been published for long enough")]
    TooYoung,
    /// Only the active key can be retired.
    #[error("the key is not active")]
    NotActive,
}
