//! What an event remembers of a token: the SHA-256 of its secret.

use serde::{Deserialize, Serialize};
use std::{fmt, hint::black_box, str::FromStr};
use thiserror::Error;

/// SHA-256 of a secret of 256 random bits: enough to recognise the secret, useless for finding it. Written as 64 lower case
/// hexadecimal digits. Two hashes are compared in constant time.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TokenHash(String);

/// The text is not 64 lower case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a SHA-256 hash in lower case hexadecimal")]
pub struct InvalidTokenHash;

impl TokenHash {
    /// A hash that was computed elsewhere.
    #[must_use]
    pub fn new(sha256: &[u8; 32]) -> Self {
        let digit = |nibble| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
        Self(sha256.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        let pairs = self.0.bytes().zip(other.0.bytes());
        black_box(pairs.fold(0, |seen, (a, b)| black_box(seen | (a ^ b)))) == 0
    }
}

impl Eq for TokenHash {}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(..)")
    }
}

impl FromStr for TokenHash {
    type Err = InvalidTokenHash;

    fn from_str(text: &str) -> Result<Self, InvalidTokenHash> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for TokenHash {
    type Error = InvalidTokenHash;

    fn try_from(text: String) -> Result<Self, InvalidTokenHash> {
        let legal = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if text.len() == 64 && text.bytes().all(legal) { Ok(Self(text)) } else { Err(InvalidTokenHash) }
    }
}

impl From<TokenHash> for String {
    fn from(hash: TokenHash) -> Self {
        hash.0
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
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
    fn a_hash_is_written_in_order() {
        let mut bytes = [0; 32];
        (bytes[0], bytes[31]) = (0x0a, 0xf1);
        assert_eq!(TokenHash::new(&bytes).as_str(), format!("0a{}f1", "00".repeat(30)));
    }

    #[test]
    fn a_hash_keeps_its_text() {
        assert_eq!(TEXT.parse::<TokenHash>().map(String::from), Ok(TEXT.to_owned()));
    }

    #[test]
    fn hashes_that_differ_in_any_one_bit_are_different() {
        for bit in 0..256 {
            let mut other = [7; 32];
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(TokenHash::new(&[7; 32]), TokenHash::new(&other));
        }
        assert_eq!(TokenHash::new(&[7; 32]), TokenHash::new(&[7; 32]));
    }
}
