//! Telephone numbers.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// An international number as in E.164: `+` and 4 to 15 digits, the first not zero. Spaces, hyphens, dots and parentheses
/// between the digits are dropped when parsed (OpenID Connect Core §5.1 recommends E.164 for `phone_number`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a number was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be an international telephone number like +47 22 00 00 00")]
pub struct InvalidPhone;

impl FromStr for Phone {
    type Err = InvalidPhone;

    fn from_str(text: &str) -> Result<Self, InvalidPhone> {
        let shown = text.strip_prefix('+').filter(|shown| shown.len() <= 40).ok_or(InvalidPhone)?;
        let digits: String = shown.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
        let fits =
            (4..=15).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit()) && !digits.starts_with('0');
        if fits { Ok(Self(format!("+{digits}"))) } else { Err(InvalidPhone) }
    }
}

text_value!(Phone, InvalidPhone);

impl Phone {
    /// The country code with its `+`, and the national number. E.164 country codes have one digit (1 and 7), two, or three, and
    /// none begins another.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        let digits = self.0.as_bytes();
        let length = match (digits.get(1), digits.get(2)) {
            (Some(b'1' | b'7'), _) => 1,
            (Some(b'2'), Some(b'0' | b'7'))
            | (Some(b'3'), Some(b'0'..=b'4' | b'6' | b'9'))
            | (Some(b'4'), Some(b'0' | b'1' | b'3'..=b'9'))
            | (Some(b'5'), Some(b'1'..=b'8'))
            | (Some(b'6'), Some(b'0'..=b'6'))
            | (Some(b'8'), Some(b'1' | b'2' | b'4' | b'6'))
            | (Some(b'9'), Some(b'0'..=b'5' | b'8')) => 2,
            _ => 3,
        };
        self.0.split_at_checked(1 + length).unwrap_or((&self.0, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_a_country_code_and_a_rest() {
        for (text, parts) in [
            ("+1 555 0100", ("+1", "5550100")),
            ("+47 22 00 00 00", ("+47", "22000000")),
            ("+358 9 1234567", ("+358", "91234567")),
            ("+420 123 456 789", ("+420", "123456789")),
        ] {
            assert_eq!(text.parse::<Phone>().as_ref().map(Phone::parts), Ok(parts), "{text}");
        }
    }
}
