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
