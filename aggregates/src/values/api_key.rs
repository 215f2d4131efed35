//! The parts of an API key: `1ab/2c/<secret>` is the prefix, which is public, and the secret, of which only a hash is kept.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// Three and two characters of `[0-9a-z]` with a slash between: `1ab/2c`. It names the key in lists and in URLs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiKeyPrefix(String);

/// Why a prefix was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be an API key prefix like 1ab/2c")]
pub struct InvalidApiKeyPrefix;

const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

impl ApiKeyPrefix {
    /// One of 36⁵ prefixes, picked by random bits.
    #[must_use]
    pub fn from_random(bits: u64) -> Self {
        let mut rest = bits;
        let mut next = || {
            let c = usize::try_from(rest % 36).ok().and_then(|at| ALPHABET.get(at)).copied().unwrap_or(b'0');
            rest /= 36;
            char::from(c)
        };
        Self([next(), next(), next(), '/', next(), next()].into_iter().collect())
    }
}

impl FromStr for ApiKeyPrefix {
    type Err = InvalidApiKeyPrefix;

    fn from_str(text: &str) -> Result<Self, InvalidApiKeyPrefix> {
        let (first, second) = text.split_once('/').ok_or(InvalidApiKeyPrefix)?;
        let legal = |part: &str| part.bytes().all(|c| ALPHABET.contains(&c));
        let fits = first.len() == 3 && second.len() == 2 && legal(first) && legal(second);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidApiKeyPrefix) }
    }
}

text_value!(ApiKeyPrefix, InvalidApiKeyPrefix);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_has_two_segments() {
        for text in ["", "1ab2c", "1ab/2c/", "1AB/2c", "1ab/2", "../2c", "1ab/é"] {
            assert_eq!(text.parse::<ApiKeyPrefix>(), Err(InvalidApiKeyPrefix), "{text}");
        }
        assert_eq!(ApiKeyPrefix::from_random(u64::MAX).as_str().parse(), Ok(ApiKeyPrefix::from_random(u64::MAX)));
    }
}
