//! Why a command on a client was refused.

use thiserror::Error;

/// The broken rule. The text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ClientError {
    /// The id is in use.
    #[error("the client exists already")]
    AlreadyDefined,
    /// Never defined, or deleted.
    #[error("there is no such client")]
    Unknown,
    /// The author does not hold the whole permission scope, as it is or as it shall be.
    #[error("the permission scope exceeds your own rights")]
    ScopeNotHeld,
    /// The level, as it is or as it shall be, is above the author's own.
    #[error("the security level exceeds your own")]
    LevelNotHeld,
    /// Domain and customer were chosen for good.
    #[error("the domain and the customer of a client cannot be changed")]
    Moved,
    /// It is now what it was then.
    #[error("nothing to restore: the client is so already")]
    NothingToRestore,
    /// Another client has the name.
    #[error("is in use by another client")]
    ShortNameTaken,
    /// The same URI twice, or more than [`Self::MAX_REDIRECT_URIS`].
    #[error("must be at most {} different URIs", Self::MAX_REDIRECT_URIS)]
    RedirectUris,
    /// The same claim twice, or more than [`Self::MAX_CUSTOM_CLAIMS`].
    #[error("must be at most {} claims with different names", Self::MAX_CUSTOM_CLAIMS)]
    CustomClaims,
    /// RFC 9700 §2.1.1.
    #[error("a client that does not authenticate must use PKCE")]
    PublicWithoutPkce,
}

impl ClientError {
    /// The most redirect URIs that one client may have.
    pub const MAX_REDIRECT_URIS: usize = 50;
    /// The most custom claims that one client may have.
    pub const MAX_CUSTOM_CLAIMS: usize = 50;
}
