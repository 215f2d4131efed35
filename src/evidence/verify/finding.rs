//! What is wrong, and where.

use std::fmt;

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The event is another one than was recorded.
    Changed,
    /// The event is not there.
    Removed,
    /// The event was not recorded here.
    Inserted,
    /// The event stands at another position.
    Moved {
        /// Where it is.
        to: i64,
    },
    /// More events are missing than retention took.
    Unaccounted {
        /// So many more.
        more: i64,
    },
    /// The event is right; its hash in the database is not the one that was exported, or is not there.
    HashChanged,
    /// Hashes that were signed are not there.
    HashesRemoved,
    /// Some entry since the checkpoint before is not what was signed; only exported evidence can say which.
    NotWhatWasSigned {
        /// The first entry that may be it.
        since: i64,
    },
    /// A checkpoint is not one of this log's key.
    NotSigned,
    /// A checkpoint's columns say something else than its note.
    Mislabelled,
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// The entry's number; for what was inserted, that of the entry at or before which it stands.
    pub number: i64,
    /// The position in the log.
    pub position: i64,
    /// The event that stands there, in words.
    pub event: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}, position {}: {}", self.number, self.position, self.kind)?;
        self.event.as_ref().map_or(Ok(()), |event| write!(f, " ({event})"))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("the event was changed"),
            Self::Removed => f.write_str("the event was removed"),
            Self::Inserted => f.write_str("an event was inserted at or before this entry"),
            Self::Moved { to } => write!(f, "the event was moved to position {to}"),
            Self::Unaccounted { more } => {
                write!(f, "from here on, more events are missing than retention took: {more}")
            }
            Self::HashChanged => f.write_str("the hash in the database is not the one that was exported"),
            Self::HashesRemoved => f.write_str("hashes that were signed are missing from here on"),
            Self::NotWhatWasSigned { since } => write!(
                f,
                "some entry from {since} to this one is not what was signed; exported evidence would say which (--evidence)"
            ),
            Self::NotSigned => f.write_str("the checkpoint up to this entry is not signed by the log's key"),
            Self::Mislabelled => f.write_str("the checkpoint up to this entry does not say what its row says"),
        }
    }
}
