//! Personal data as it stands in an event: encrypted under its subject's own key.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Ciphertext of a personal datum (a caller's address, a user's profile). It names its subject, so that whoever holds the
/// subject's key can open it, and destroying that key erases the datum from history. Made and opened by the server's `keys`.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl Sealed {
    /// Wraps ciphertext that was made elsewhere.
    #[must_use]
    pub const fn new(ciphertext: String) -> Self {
        Self(ciphertext)
    }

    /// Whose key opens it: the id in `v1.<subject>.<purpose>.<ciphertext>`. `None` for text that `keys` never wrote.
    #[must_use]
    pub fn subject(&self) -> Option<Uuid> {
        let (subject, _) = self.0.strip_prefix("v1.")?.split_once('.')?;
        Uuid::try_parse(subject).ok()
    }

    /// The ciphertext.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}
