//! Short names of the Argus API: the human id beside every UUID or number.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;
use uuid::Uuid;

/// 1 to 100 characters of `[a-zA-Z0-9_:.-]`; neither a number nor a UUID, so that it can never be taken for an
/// id, nor a word that has a meaning of its own in a path. Two short
/// names that differ only in case are the same name ([`ShortName::folded`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShortName(String);

/// Why a short name was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be 1 to 100 characters of a-z, A-Z, 0-9, _ : - . and neither a number nor a UUID")]
pub struct InvalidShortName;

impl ShortName {
    /// The domain of an installation that has one.
    pub const DEFAULT: &str = "main";

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared: lower case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl Default for ShortName {
    /// `main`: the domain of an installation that has one.
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

impl fmt::Display for ShortName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ShortName {
    type Err = InvalidShortName;

    fn from_str(text: &str) -> Result<Self, InvalidShortName> {
        let legal = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b':' | b'-' | b'.');
        let fits = (1..=100).contains(&text.len()) && text.bytes().all(legal);
        let id_like = text.bytes().all(|c| c.is_ascii_digit()) || Uuid::try_parse(text).is_ok();
        let path_like = matches!(text, "." | ".." | "search");
        if fits && !id_like && !path_like { Ok(Self(text.to_owned())) } else { Err(InvalidShortName) }
    }
}

impl TryFrom<String> for ShortName {
    type Error = InvalidShortName;

    fn try_from(text: String) -> Result<Self, InvalidShortName> {
        text.parse()
    }
}

impl From<ShortName> for String {
    fn from(name: ShortName) -> Self {
        name.0
    }
}
