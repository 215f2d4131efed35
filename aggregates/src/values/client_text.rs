//! What people read of a client: its name and description, in the characters that the Argus API publishes for them.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// A client's name: 1 to 100 characters on one line, without a space at either end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientName(String);

/// A client's description: up to 2000 characters, also of several lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientDescription(String);

/// Why a name was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "must be 1 to 100 characters of a-z, A-Z, 0-9, space and {{}}$-()._[]\"'/\\,*+#:@!?;= on one line, not starting or ending with a space"
)]
pub struct InvalidClientName;

/// Why a description was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be at most 2000 characters of a-z, A-Z, 0-9, space, line feed and {{}}$-()._[]\"'/\\,*+#:@!?;=")]
pub struct InvalidClientDescription;

/// The vendor's pattern, anchored and ASCII: nothing that HTML, a log line or a look-alike alphabet could use.
fn legal(c: u8) -> bool {
    c.is_ascii_alphanumeric() || b" {}$-()._[]\"'/\\,*+#:@!?;=".contains(&c)
}

impl FromStr for ClientName {
    type Err = InvalidClientName;

    fn from_str(text: &str) -> Result<Self, InvalidClientName> {
        let fits = (1..=100).contains(&text.len()) && text.trim() == text && text.bytes().all(legal);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidClientName) }
    }
}

impl FromStr for ClientDescription {
    type Err = InvalidClientDescription;

    fn from_str(text: &str) -> Result<Self, InvalidClientDescription> {
        let fits = text.len() <= 2000 && text.bytes().all(|c| legal(c) || c == b'\n');
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidClientDescription) }
    }
}

text_value!(ClientName, InvalidClientName);
text_value!(ClientDescription, InvalidClientDescription);

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &[&str] = &[
        "<script>alert(1)</script>",
        "</title>",
        "a & b",
        "a\r\nSet-Cookie: b",
        "a\u{2028}b",
        "a\u{1b}[31mb",
        "a\0b",
        "\u{0430}dmin",
        "a\u{200b}b",
        "a\u{202e}b",
        "ＡＢ",
    ];

    #[test]
    fn markup_control_characters_and_look_alikes_are_refused() {
        for text in HOSTILE {
            assert_eq!(text.parse::<ClientName>(), Err(InvalidClientName), "{text:?}");
            assert_eq!(text.parse::<ClientDescription>(), Err(InvalidClientDescription), "{text:?}");
        }
    }

    #[test]
    fn a_name_is_one_line_that_neither_starts_nor_ends_with_a_space() {
        for text in ["", " ", " a", "a ", "a\nb", "a\tb", &"a".repeat(101)] {
            assert_eq!(text.parse::<ClientName>(), Err(InvalidClientName), "{text:?}");
        }
        assert_eq!(
            "Portal (\"test\") v1.0".parse::<ClientName>().map(String::from),
            Ok("Portal (\"test\") v1.0".to_owned())
        );
    }

    #[test]
    fn a_description_may_be_empty_and_have_lines() {
        for text in ["", "One line.", "Two\nlines: {a}, [b]; c=d?"] {
            assert_eq!(text.parse::<ClientDescription>().map(String::from), Ok(text.to_owned()));
        }
        assert_eq!("a".repeat(2001).parse::<ClientDescription>(), Err(InvalidClientDescription));
    }
}
