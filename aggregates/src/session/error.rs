//! Why a session refuses a command.

use thiserror::Error;

/// Rules of the session aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SessionError {
    /// The stream has events already.
    #[error("the session exists already")]
    AlreadyStarted,
    /// There is no such session, or it ended, or its time is up.
    #[error("the session is over")]
    Over,
    /// The proof is somebody else's, or older than a change of the account.
    #[error("the session belongs to another sign-in")]
    AnotherUser,
    /// A session that was narrowed from a narrowed one, and so on, eight times.
    #[error("the session has been narrowed too often")]
    TooNarrow,
}
