//! What an event remembers of a token: the SHA-256 of its secret.

use serde::{Deserialize, Serialize};
use std::{fmt, hint::black_box, str::FromStr};
use thiserror::Error;

/// SHA-256 of a secret of 256 random bits: enough to recognise the secret, useless for finding it. Written as 64 lower case
/// hexadecimal digits. Two hashes are compared in constant time.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TokenHash([u8; 32]);

/// The text is not 64 lower case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a SHA-256 hash in lower case hexadecimal")]
pub struct InvalidTokenHash;

impl TokenHash {
    /// A hash that was computed elsewhere.
    #[must_use]
    pub const fn new(sha256: [u8; 32]) -> Self {
        Self(sha256)
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        let different = self.0.iter().zip(&other.0).fold(0, |seen, (a, b)| black_box(seen | (a ^ b)));
        black_box(different) == 0
    }
}

impl Eq for TokenHash {}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({self})")
    }
}

impl FromStr for TokenHash {
    type Err = InvalidTokenHash;

    fn from_str(text: &str) -> Result<Self, InvalidTokenHash> {
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
            return Err(InvalidTokenHash);
        };
        let pairs: &[[u8; 2]; 32] = pairs.try_into().map_err(|_| InvalidTokenHash)?;
        let mut hash = [0; 32];
        for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(hash))
    }
}

fn digit(c: u8) -> Result<u8, InvalidTokenHash> {
    match c {
        b'0'..=b'9' => Ok(c - b'0'),
        b'a'..=b'f' => Ok(c - b'a' + 10),
        _ => Err(InvalidTokenHash),
    }
}

impl TryFrom<String> for TokenHash {
    type Error = InvalidTokenHash;

    fn try_from(text: String) -> Result<Self, InvalidTokenHash> {
        text.parse()
    }
}

impl From<TokenHash> for String {
    fn from(hash: TokenHash) -> Self {
        hash.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "00ff3c8e1d2b4a6978f0e1d2c3b4a5968778695a4b3c2d1e0f00112233445566";

    #[test]
    fn only_64_lower_case_digits_are_a_hash() {
        let upper = TEXT.to_uppercase();
        let long = format!("{TEXT}00");
        let (short, odd) = (&TEXT[..62], &TEXT[..63]);
        let foreign = TEXT.replace('f', "g");
        let multibyte = TEXT.replace("ff", "é");
        for text in ["", &upper, &long, short, odd, &foreign, &multibyte] {
            assert_eq!(text.parse::<TokenHash>(), Err(InvalidTokenHash), "{text}");
        }
    }

    #[test]
    fn a_hash_keeps_its_text() {
        assert_eq!(TEXT.parse::<TokenHash>().map(|hash| hash.to_string()), Ok(TEXT.to_owned()));
    }

    #[test]
    fn hashes_that_differ_in_any_one_bit_are_different() {
        for bit in 0..256 {
            let mut other = [7; 32];
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(TokenHash::new([7; 32]), TokenHash::new(other));
        }
        assert_eq!(TokenHash::new([7; 32]), TokenHash::new([7; 32]));
    }
}
