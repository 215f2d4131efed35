//! What is kept of a password.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;

/// Memory in KiB that a hash may ask for; the lower bound is the smallest that OWASP still names. The upper bounds stop a
/// planted hash from taking the server's memory and time (security.md PW-04).
const MEMORY: std::ops::RangeInclusive<u32> = 7_168..=65_536;
const PASSES: std::ops::RangeInclusive<u32> = 1..=6;
const LANES: std::ops::RangeInclusive<u32> = 1..=4;

/// An argon2id hash (RFC 9106) as a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, with bounded parameters.
///
/// Parsing checks; reading an event does not, since a bound that changes must not make history unreadable. So whoever
/// verifies a password parses again first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

/// Why a hash was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be an argon2id PHC string of version 19 with m 7168 to 65536, t 1 to 6 and p 1 to 4")]
pub struct InvalidPasswordHash;

impl PasswordHash {
    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

fn parameter(part: Option<&str>, name: &str, bounds: &std::ops::RangeInclusive<u32>) -> bool {
    let value = part.and_then(|part| part.strip_prefix(name)).and_then(|part| part.strip_prefix('='));
    value.and_then(|value| value.parse().ok()).is_some_and(|value| bounds.contains(&value))
}

fn parameters_fit(text: &str) -> bool {
    let mut parts = text.split(',');
    let fit = parameter(parts.next(), "m", &MEMORY)
        && parameter(parts.next(), "t", &PASSES)
        && parameter(parts.next(), "p", &LANES);
    fit && parts.next().is_none()
}

fn is_base64(text: &str, length: &std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/'))
}

impl FromStr for PasswordHash {
    type Err = InvalidPasswordHash;

    fn from_str(text: &str) -> Result<Self, InvalidPasswordHash> {
        let parts: Vec<&str> = text.split('$').collect();
        let ["", "argon2id", "v=19", parameters, salt, hash] = parts.as_slice() else {
            return Err(InvalidPasswordHash);
        };
        // A salt of 8 to 48 bytes, a hash of 16 to 64.
        let fits = parameters_fit(parameters) && is_base64(salt, &(11..=64)) && is_base64(hash, &(22..=86));
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidPasswordHash) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT_AND_HASH: &str = "c2FsdHNhbHRzYWx0c2E$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn a_planted_hash_is_refused_by_its_parameters() {
        let with = |head: &str| format!("{head}${SALT_AND_HASH}").parse::<PasswordHash>();
        for head in [
            "$argon2id$v=19$m=1048576,t=4,p=1",
            "$argon2id$v=19$m=19456,t=1000000,p=1",
            "$argon2id$v=19$m=8,t=2,p=1",
            "$argon2id$v=19$m=19456,t=2,p=64",
            "$argon2id$v=19$m=19456,t=2,p=1,keyid=AA",
            "$argon2id$v=16$m=19456,t=2,p=1",
            "$argon2i$v=19$m=19456,t=2,p=1",
            "$argon2id$m=19456,t=2,p=1",
            "",
        ] {
            assert_eq!(with(head), Err(InvalidPasswordHash), "{head}");
        }
        assert!(with("$argon2id$v=19$m=19456,t=2,p=1").is_ok());
    }
}
