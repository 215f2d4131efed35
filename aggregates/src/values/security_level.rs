//! Security levels of the Argus API.

use serde::{Deserialize, Serialize};

/// How far a session is trusted: `external` < `standard` < `administrative`. A client's highest level caps the sessions that
/// are delegated to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityLevel {
    /// Third-party applications.
    #[default]
    External,
    /// A person signed in as usual.
    Standard,
    /// A person signed in with more than a password.
    Administrative,
}

impl SecurityLevel {
    /// The word of the Argus API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::External => "external",
            Self::Standard => "standard",
            Self::Administrative => "administrative",
        }
    }
}
