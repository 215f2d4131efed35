//! Free text beside a name.

use super::text::is_unprintable;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// 0 to 1000 printable characters; the one control character allowed is the line feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Description(String);

/// Why a description was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be at most 1000 printable characters")]
pub struct InvalidDescription;

impl FromStr for Description {
    type Err = InvalidDescription;

    fn from_str(text: &str) -> Result<Self, InvalidDescription> {
        let legal = |c: char| c == '\n' || !is_unprintable(c);
        if text.chars().count() <= 1000 && text.chars().all(legal) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidDescription)
        }
    }
}

text_value!(Description, InvalidDescription);
