//! What is asked of the trail: `actor:alice client:myclient action:token.* outcome:refused ip:10.0.0.0/8 -action:token.refreshed`.
//!
//! The one filter of the API, the export and the command line. Terms of one key widen (any of them), different keys narrow (all of
//! them), and a `-` before a key excludes. Parsed once; whatever is not understood is an error that says where, never left out.

mod names;
mod parse;
mod sql;
mod words;

pub(super) use names::Names;
pub use parse::{FilterError, Problem};

use aggregates::values::{IpRange, Timestamp};
use chrono::{DateTime, SecondsFormat};
use std::fmt;
use uuid::Uuid;

/// Which entries are asked for; without terms, all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

/// One `key:value`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    /// Entries that it fits are left out.
    excluded: bool,
    test: Test,
}

/// What an entry must be. Names are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// Whose doing it was: a user's name or id, `system:cli`, `anonymous`.
    Actor(String),
    /// For whom: a user's name or id.
    User(String),
    /// A client's short name or id.
    Client(String),
    /// A customer's short name or id.
    Customer(String),
    /// The required function's short name or id.
    Function(String),
    /// `token.issued`, or `token.*` for all that begin so.
    Action(String),
    /// `granted`, `refused`, `revoked` or `done`.
    Outcome(&'static str),
    /// Why it was refused or revoked: `function_not_held`, …
    Reason(String),
    /// From where: an address or a range.
    Ip(IpRange),
    /// Not before.
    After(Timestamp),
    /// Before.
    Before(Timestamp),
    Session(Uuid),
    Grant(Uuid),
    /// The definition that was changed.
    Object(Uuid),
    /// The request's id.
    Request(String),
    /// Where in the log: the first and the last place.
    Position(i64, i64),
}

impl Test {
    const fn key(&self) -> &'static str {
        match self {
            Self::Actor(_) => "actor",
            Self::User(_) => "user",
            Self::Client(_) => "client",
            Self::Customer(_) => "customer",
            Self::Function(_) => "function",
            Self::Action(_) => "action",
            Self::Outcome(_) => "outcome",
            Self::Reason(_) => "reason",
            Self::Ip(_) => "ip",
            Self::After(_) => "after",
            Self::Before(_) => "before",
            Self::Session(_) => "session",
            Self::Grant(_) => "grant",
            Self::Object(_) => "object",
            Self::Request(_) => "request",
            Self::Position(..) => "position",
        }
    }

    fn value(&self) -> String {
        match self {
            Self::Actor(text)
            | Self::User(text)
            | Self::Client(text)
            | Self::Customer(text)
            | Self::Function(text)
            | Self::Action(text)
            | Self::Reason(text)
            | Self::Request(text) => text.clone(),
            Self::Outcome(text) => (*text).to_owned(),
            Self::Ip(range) => range.to_string(),
            Self::After(time) | Self::Before(time) => DateTime::from_timestamp_millis(time.millis())
                .unwrap_or_default()
                .to_rfc3339_opts(SecondsFormat::Millis, true),
            Self::Session(id) | Self::Grant(id) | Self::Object(id) => id.to_string(),
            Self::Position(0, last) => format!("..{last}"),
            Self::Position(first, i64::MAX) => format!("{first}.."),
            Self::Position(first, last) => format!("{first}..{last}"),
        }
    }
}

impl Filter {
    /// The earliest time that the terms leave open, and the one before which all must be.
    pub(super) fn period(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        let wanted = || self.terms.iter().filter(|term| !term.excluded).map(|term| &term.test);
        let after = wanted().filter_map(|test| if let Test::After(time) = test { Some(*time) } else { None });
        let before = wanted().filter_map(|test| if let Test::Before(time) = test { Some(*time) } else { None });
        (after.min(), before.max())
    }
}

impl fmt::Display for Filter {
    /// The filter as it can be parsed again, with spans of time turned into times.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, term) in self.terms.iter().enumerate() {
            let (space, sign) = (if nth == 0 { "" } else { " " }, if term.excluded { "-" } else { "" });
            write!(f, "{space}{sign}{}:{}", term.test.key(), words::quoted(&term.test.value()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
