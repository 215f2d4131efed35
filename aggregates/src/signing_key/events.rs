//! What happened to a signing key.

use crate::values::{PublicJwk, SealedPrivateKey, SigningAlgorithm, Timestamp};
use serde::{Deserialize, Serialize};

/// An event of a signing key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningKeyEvent {
    /// A key pair was made; its public half is published from now on.
    Generated {
        /// How it signs.
        algorithm: SigningAlgorithm,
        /// What verifies.
        public_jwk: PublicJwk,
        /// What signs, encrypted.
        sealed_private: SealedPrivateKey,
        /// When.
        at: Timestamp,
    },
    /// It signs from now on.
    Activated {
        /// When.
        at: Timestamp,
    },
    /// It signs no more.
    Retired {
        /// When.
        at: Timestamp,
        /// Its public half is published until then.
        published_until: Timestamp,
    },
}

stored_as!(SigningKeyEvent {
    Generated => "signing_key.generated" "1",
    Activated => "signing_key.activated" "1",
    Retired => "signing_key.retired" "1",
});
