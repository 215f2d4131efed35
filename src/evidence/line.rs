//! A line of an exported file: a leaf, with its event where the whole log is exported, or a checkpoint. JSON, in this order.

use projections::evidence::{Hash, LeafRow, LoggedEvent};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// An entry of the log.
    Leaf {
        /// Its leaf.
        leaf: LeafRow,
        /// What happened; none in a file of evidence alone, and for what retention took out of the log.
        event: Option<LoggedEvent>,
    },
    /// A signed head: the note.
    Checkpoint(String),
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Written<E> {
    Leaf {
        number: i64,
        position: i64,
        hash: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        event: Option<E>,
    },
    Checkpoint {
        checkpoint: String,
    },
}

impl Line {
    /// As it stands in the file, without the line feed. The event is written as it is hashed.
    ///
    /// # Errors
    /// None with canonical events; it is there so that nothing has to panic.
    pub fn write(&self) -> serde_json::Result<String> {
        serde_json::to_string(&match self {
            Self::Checkpoint(note) => Written::Checkpoint { checkpoint: note.clone() },
            Self::Leaf { leaf, event } => Written::Leaf {
                number: leaf.number,
                position: leaf.position,
                hash: hex(&leaf.hash),
                event: event.as_ref().map(|event| RawValue::from_string(event.canonical())).transpose()?,
            },
        })
    }

    /// The line, unless it is not one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Some(match serde_json::from_str::<Written<Value>>(text).ok()? {
            Written::Checkpoint { checkpoint } => Self::Checkpoint(checkpoint),
            Written::Leaf { number, position, hash, event } => {
                let event = match event {
                    Some(value) => Some(LoggedEvent::from_json(value)?),
                    None => None,
                };
                Self::Leaf { leaf: LeafRow { number, position, hash: unhex(&hash)? }, event }
            }
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
        let short = format!(r#"{{"number":1,"position":2,"hash":"{}"}}"#, &HASH[2..]);
        let more = format!(r#"{{"number":1,"position":2,"hash":"{HASH}","more":1}}"#);
        let nowhere = format!(r#"{{"number":1,"position":2,"hash":"{HASH}","event":{{}}}}"#);
        for text in ["", "{}", "[]", r#"{"checkpoint":1}"#, &short, &more, &nowhere] {
            assert_eq!(Line::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let leaf = LeafRow { number: 1, position: 2, hash: [1; 32] };
        let event = LoggedEvent::from_json(json!({"position": 2, "a": "é"}));
        let written = format!(r#"{{"number":1,"position":2,"hash":"{HASH}","event":{{"a":"é","position":2}}}}"#);
        let lines =
            [Line::Checkpoint("a\n\nb".to_owned()), Line::Leaf { leaf, event: None }, Line::Leaf { leaf, event }];
        for line in &lines {
            assert_eq!(Line::read(&line.write().unwrap()).as_ref(), Some(line));
        }
        assert_eq!(lines[2].write().unwrap(), written);
    }
}
