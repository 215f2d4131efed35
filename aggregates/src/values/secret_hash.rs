//! The stored form of a client secret.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};

/// The hash of a client secret, made and verified by the server; the secret itself is never in a command or an event.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretHash {
    /// SHA-256 in lower-case hex, of a secret that nobody can guess ([`SecretHash::may_be_fast`]).
    Sha256(String),
    /// argon2id as a PHC string, of a secret that a person may have made up.
    Argon2id(String),
}

impl SecretHash {
    /// Whether a secret is hashed fast: 32 or more characters, of which 10 or more are different. A generated secret passes; a
    /// sentence may, but then guessing it is hopeless as well.
    #[must_use]
    pub fn may_be_fast(secret: &str) -> bool {
        secret.chars().count() >= 32 && secret.chars().collect::<BTreeSet<_>>().len() >= 10
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_can_be_guessed_is_not_hashed_fast() {
        for secret in ["", "hunter2", "correct horse battery staple", &"a".repeat(64), &"123456789".repeat(9)] {
            assert!(!SecretHash::may_be_fast(secret), "{secret}");
        }
        assert!(SecretHash::may_be_fast("0123456789abcdef0123456789abcdef"));
    }

    #[test]
    fn a_hash_is_not_printed() {
        assert_eq!(format!("{:?}", SecretHash::Sha256("00ff".to_owned())), "SecretHash(..)");
    }
}
