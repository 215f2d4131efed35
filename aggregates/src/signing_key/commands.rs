//! What may be asked of a signing key.

use crate::values::{PublicJwk, SealedPrivateKey, Seconds, SigningAlgorithm, Timestamp};

/// A command. Key pairs are made and sealed before it is built.
#[derive(Debug, Clone)]
pub enum SigningKeyCommand {
    /// Records a new key pair as the successor.
    Generate {
        /// How it signs.
        algorithm: SigningAlgorithm,
        /// What verifies.
        public_jwk: PublicJwk,
        /// What signs, encrypted.
        sealed_private: SealedPrivateKey,
        /// The time.
        now: Timestamp,
    },
    /// Lets the successor sign.
    Activate {
        /// How long it must have been published; zero for the first key, which nobody can have missed.
        published_for: Seconds,
        /// The time.
        now: Timestamp,
    },
    /// Stops the key from signing.
    Retire {
        /// How long its signatures still have to verify: the longest life of a token.
        published_for: Seconds,
        /// The time.
        now: Timestamp,
    },
}
