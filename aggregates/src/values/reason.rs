//! Why something was changed, in the words of the one who did it.

use super::text::is_unprintable;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// 1 to 500 characters of any script, on one line, without control or bidirectional marks, neither beginning nor ending with a
/// space. It is kept for ever, so nothing that may have to be erased belongs into it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(String);

/// Why a reason was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be 1 to 500 printable characters on one line, without a space at either end")]
pub struct InvalidReason;

impl FromStr for Reason {
    type Err = InvalidReason;

    fn from_str(text: &str) -> Result<Self, InvalidReason> {
        let fits = (1..=500).contains(&text.chars().count()) && text.trim() == text;
        if fits && !text.chars().any(is_unprintable) { Ok(Self(text.to_owned())) } else { Err(InvalidReason) }
    }
}

text_value!(Reason, InvalidReason);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_endless_or_more_than_a_line_is_refused() {
        for text in ["", " ", " a", "a ", "a\nb", "a\u{0}", "a\u{202e}b", &"a".repeat(501)] {
            assert_eq!(text.parse::<Reason>(), Err(InvalidReason), "{text:?}");
        }
    }

    #[test]
    fn a_line_of_text_in_any_script_is_a_reason() {
        for text in ["T", "Ticket 4711: für Grünau", &"a".repeat(500)] {
            assert!(text.parse::<Reason>().is_ok(), "{text:?}");
        }
    }
}
