//! Names and descriptions that are shown to people.

use super::text::is_unprintable;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// 1 to 100 characters (at most 400 bytes) of any script, on one line, without control or bidirectional marks, neither
/// beginning nor ending with a space. It identifies nothing: names are for display only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

/// Why a name was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be 1 to 100 printable characters without a space at either end")]
pub struct InvalidDisplayName;

impl FromStr for DisplayName {
    type Err = InvalidDisplayName;

    fn from_str(text: &str) -> Result<Self, InvalidDisplayName> {
        let fits = (1..=100).contains(&text.chars().count()) && text.trim() == text;
        if fits && !text.chars().any(is_unprintable) { Ok(Self(text.to_owned())) } else { Err(InvalidDisplayName) }
    }
}

text_value!(DisplayName, InvalidDisplayName);
