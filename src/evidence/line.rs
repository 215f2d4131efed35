//! A line of an exported file: JSON, of one of four kinds.

use projections::evidence::{Hash, LeafRow, LoggedEvent};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// `{"number":0,"position":1,"hash":"…"}`: the leaf of an event, its hash in hexadecimal.
    Leaf(LeafRow),
    /// `{"event":{…}}`: what happened, written as it is hashed.
    Event(LoggedEvent),
    /// `{"checkpoint":"…"}`: a signed head, the note.
    Checkpoint(String),
    /// `{"dropped":"…"}`: what retention took out of the log, the signed note.
    Dropped(String),
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Written<E> {
    Leaf { number: i64, position: i64, hash: String },
    Event { event: E },
    Checkpoint { checkpoint: String },
    Dropped { dropped: String },
}

impl Line {
    /// As it stands in the file, without the line feed.
    ///
    /// # Errors
    /// None with canonical events; it is there so that nothing has to panic.
    pub fn write(&self) -> serde_json::Result<String> {
        serde_json::to_string(&match self {
            Self::Leaf(LeafRow { number, position, hash }) => {
                Written::Leaf { number: *number, position: *position, hash: hex(hash) }
            }
            Self::Event(event) => Written::Event { event: RawValue::from_string(event.canonical())? },
            Self::Checkpoint(note) => Written::Checkpoint { checkpoint: note.clone() },
            Self::Dropped(note) => Written::Dropped { dropped: note.clone() },
        })
    }

    /// The line, unless it is not one. Nothing is said in two ways: who reads the file with another program reads the same.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let line = Self::parse(text)?;
        line.write().is_ok_and(|written| written == text).then_some(line)
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match serde_json::from_str::<Written<Value>>(text).ok()? {
            Written::Leaf { number, position, hash } => Self::Leaf(LeafRow { number, position, hash: unhex(&hash)? }),
            Written::Event { event } => Self::Event(LoggedEvent::from_json(event)?),
            Written::Checkpoint { checkpoint } => Self::Checkpoint(checkpoint),
            Written::Dropped { dropped } => Self::Dropped(dropped),
        })
    }
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Hash> {
    let bytes = (0..32).map(|at| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok());
    let bytes = bytes.collect::<Option<Vec<u8>>>().filter(|_| text.len() == 64)?;
    bytes.try_into().ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use serde_json::json;

    const HASH: &str = "0101010101010101010101010101010101010101010101010101010101010101";

    #[test]
    fn what_is_not_a_line_is_refused() {
        let short = r#"{"number":1,"position":2,"hash":"0101"}"#;
        let more = format!(r#"{{"number":1,"position":2,"hash":"{HASH}","more":1}}"#);
        let other = format!(r#"{{"number":1,"position":2,"hash":"{}"}}"#, HASH.replace('1', "x"));
        let sign = format!(r#"{{"number":1,"position":2,"hash":"+1{}"}}"#, &HASH[2..]);
        let (twice, spaced) = (r#"{"event":{"a":1,"a":2,"position":2}}"#, r#"{"event": {"position":2}}"#);
        let unsorted = r#"{"event":{"position":2,"a":1}}"#;
        for text in ["", "{}", "[]", r#"{"checkpoint":1}"#, r#"{"event":{}}"#, twice, spaced, unsorted, short, &more] {
            assert_eq!(Line::read(text), None, "{text}");
        }
        for text in [&other, &sign] {
            assert_eq!(Line::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let lines = [
            (Line::Leaf(LeafRow { number: 1, position: 2, hash: [1; 32] }), HASH),
            (
                Line::Event(LoggedEvent::from_json(json!({"position": 2, "a": "é"})).unwrap()),
                r#"{"event":{"a":"é","position":2}}"#,
            ),
            (Line::Checkpoint("a\n\nb".to_owned()), r#"{"checkpoint":"a\n\nb"}"#),
            (Line::Dropped("b\n\nc".to_owned()), r#"{"dropped":"b\n\nc"}"#),
        ];
        for (line, said) in &lines {
            let text = line.write().unwrap();
            assert!(text.contains(said), "{text}");
            assert_eq!(Line::read(&text).as_ref(), Some(line));
        }
    }
}
