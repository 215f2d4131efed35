//! Which passwords may be chosen: NIST SP 800-63B-4 §3.1.1. Length decides; there are no rules of composition, and nothing
//! expires.

use crate::entropy::Entropy;
use thiserror::Error;
use zeroize::Zeroizing;

/// The fewest characters of a password.
pub const FEWEST_CHARACTERS: usize = 15;
const MOST_CHARACTERS: usize = 128;
const MOST_BYTES: usize = 512;
/// Fewer different characters than this are a pattern, not a password.
const FEWEST_DIFFERENT: usize = 5;
/// The name of the service.
const SERVICE: &str = "argus";

/// What is tried first among those that are long enough; compared without case, spaces and hyphens.
const COMMON: &[&str] = &[
    "123456789012345",
    "1234567890123456",
    "12345678901234567890",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv",
    "1qaz2wsx3edc4rfv5tgb",
    "abcdefghijklmno",
    "abcdefghijklmnop",
    "abcdefghijklmnopqrstuvwxyz",
    "administratoradministrator",
    "changemechangeme",
    "correcthorsebatterystaple",
    "iloveyouiloveyou",
    "letmeinletmeinletmein",
    "passwordpassword",
    "password123456789",
    "password1234567890",
    "qwertyqwertyqwerty",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "thisisapassword",
    "thisismypassword",
    "trustno1trustno1",
    "welcomewelcome1",
];

/// Why a password may not be chosen; the text is for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnfitPassword {
    /// Fewer than 15 characters.
    #[error("must have at least 15 characters")]
    TooShort,
    /// More than 128 characters or 512 bytes.
    #[error("must have at most 128 characters")]
    TooLong,
    /// One of those that are tried first.
    #[error("is one of those that are tried first")]
    Common,
    /// Made from the user name or the name of the service.
    #[error("must not contain the user name or the name of this service")]
    Context,
    /// NUL has no place in text.
    #[error("must not contain the character NUL")]
    Nul,
}

/// Whether a person with this user name may choose the password.
///
/// # Errors
/// Why not.
pub fn check(password: &str, user_name: &str) -> Result<(), UnfitPassword> {
    let characters = password.chars().count();
    if characters < FEWEST_CHARACTERS {
        return Err(UnfitPassword::TooShort);
    }
    if characters > MOST_CHARACTERS || password.len() > MOST_BYTES {
        return Err(UnfitPassword::TooLong);
    }
    if password.contains('\0') {
        return Err(UnfitPassword::Nul);
    }
    let plain: Zeroizing<String> = Zeroizing::new(password.to_lowercase());
    let squeezed: Zeroizing<String> = Zeroizing::new(plain.chars().filter(|c| !matches!(c, ' ' | '-')).collect());
    let mut different: Vec<char> = squeezed.chars().collect();
    different.sort_unstable();
    different.dedup();
    if COMMON.contains(&squeezed.as_str()) || different.len() < FEWEST_DIFFERENT {
        return Err(UnfitPassword::Common);
    }
    let named = user_name.len() >= 3 && plain.contains(&user_name.to_lowercase());
    if named || plain.contains(SERVICE) { Err(UnfitPassword::Context) } else { Ok(()) }
}

/// A password that was drawn for somebody, to be shown once and changed at the first sign-in. It has no `Debug`.
pub struct OneTimePassword(Zeroizing<String>);

impl OneTimePassword {
    /// 24 characters of a 32-letter alphabet without look-alikes, in groups of four: 120 random bits.
    #[must_use]
    pub fn draw(entropy: &dyn Entropy) -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let mut random = Zeroizing::new([0_u8; 24]);
        entropy.fill(random.as_mut_slice());
        let mut text = Zeroizing::new(String::with_capacity(29));
        for (at, byte) in random.iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'a')));
        }
        Self(text)
    }

    /// The password.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn short_long_common_and_telling_passwords_are_refused() {
        assert_eq!(check("fourteen chars", "bob"), Err(UnfitPassword::TooShort));
        assert_eq!(check(&"gh ij kl mn ".repeat(11), "bob"), Err(UnfitPassword::TooLong));
        assert_eq!(check(&"gh ij kl mn\0 ".repeat(2), "bob"), Err(UnfitPassword::Nul));
        assert_eq!(check("Correct Horse Battery Staple", "bob"), Err(UnfitPassword::Common));
        assert_eq!(check("ababababababababab", "bob"), Err(UnfitPassword::Common));
        assert_eq!(check("the house of Alice is red", "alice"), Err(UnfitPassword::Context));
        assert_eq!(check("my Argus account is here", "bob"), Err(UnfitPassword::Context));
    }

    #[test]
    fn length_is_enough() {
        assert_eq!(check("green like hope, late in may", "bob"), Ok(()));
        assert_eq!(check("fifteen letters", "bob"), Ok(()));
    }

    #[test]
    fn a_drawn_password_is_one_that_may_be_chosen() {
        let drawn = OneTimePassword::draw(&SeededEntropy::new(1));
        assert_eq!(check(drawn.reveal(), "bob"), Ok(()));
        assert_ne!(drawn.reveal(), OneTimePassword::draw(&SeededEntropy::new(2)).reveal());
    }
}
