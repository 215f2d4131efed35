//! The name with which a person signs in.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;
use uuid::Uuid;

/// Names that look like the system itself, or have a meaning of their own in a path.
const RESERVED: &[&str] = &["anonymous", "argus", "root", "search", "system"];

/// 1 to 64 of `[a-z0-9._-]`, the first a letter or a digit, neither a number, a UUID nor a reserved word. Upper-case ASCII is
/// folded when parsed, so that `Alice` and `alice` are one account; everything else is refused, so that no two names look
/// alike. These characters are legal in a bearer token (RFC 6750 §2.1) and in HTTP Basic.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserName(String);

/// Why a user name was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "must be 1 to 64 characters of a-z, 0-9, . _ -, begin with a letter or digit, and be neither a number, a UUID nor a reserved name"
)]
pub struct InvalidUserName;

impl FromStr for UserName {
    type Err = InvalidUserName;

    fn from_str(text: &str) -> Result<Self, InvalidUserName> {
        let name = text.to_ascii_lowercase();
        let legal = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'_' | b'-');
        // `.` and `..` mean something else in a path, and what begins with a hyphen does so on a command line.
        let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        let fits = begins && name.len() <= 64 && name.bytes().all(legal);
        let id_like = name.bytes().all(|c| c.is_ascii_digit()) || Uuid::try_parse(&name).is_ok();
        if fits && !id_like && !RESERVED.contains(&name.as_str()) { Ok(Self(name)) } else { Err(InvalidUserName) }
    }
}

text_value!(UserName, InvalidUserName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_be_taken_for_another_is_refused() {
        let long = "a".repeat(65);
        for name in [
            "",
            "a b",
            "a@b",
            "a/b",
            "a:b",
            "a%",
            "ａlice",
            "аlice",
            "1234",
            "root",
            "ROOT",
            "İ",
            "a\u{200b}",
            ".",
            "..",
            "-1",
            "_a",
            &long,
        ] {
            assert_eq!(name.parse::<UserName>(), Err(InvalidUserName), "{name}");
        }
        assert_eq!("0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001".parse::<UserName>(), Err(InvalidUserName));
    }

    #[test]
    fn case_is_folded() {
        assert_eq!("Alice.B".parse::<UserName>().map(String::from), Ok("alice.b".to_owned()));
    }
}
