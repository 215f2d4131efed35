//! An event as it is hashed: canonical JSON (RFC 8785) of everything that the log holds of it, as it stands there.
//!
//! One difference to the RFC: whole numbers are written exactly, in decimal, and not by way of a floating-point number.

use super::tree::{self, Hash};
use serde_json::{Value, json};
use sqlx::{FromRow, Row, postgres::PgRow};

/// One event of the log, of whatever version, or what somebody made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    position: i64,
    value: Value,
}

/// What [`LoggedEvent::from_row`] reads: `SELECT {COLUMNS} FROM public.events`. Times that the form cannot tell apart (without end,
/// before Christ) are no program's, and stand as Postgres writes them.
pub(super) const COLUMNS: &str = "position, aggregate_type, aggregate_id, sequence, event_type, event_version,
    payload::text AS payload, metadata::text AS metadata,
    coalesce(to_char(CASE WHEN recorded_at >= '0001-01-01Z' THEN recorded_at AT TIME ZONE 'UTC' END,
        'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), recorded_at::text) AS recorded_at";

impl FromRow<'_, PgRow> for LoggedEvent {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let text = |name: &str| row.try_get::<String, _>(name);
        let position = row.try_get("position")?;
        let value = json!({
            "aggregate_type": text("aggregate_type")?,
            "aggregate_id": text("aggregate_id")?,
            "sequence": row.try_get::<i64, _>("sequence")?,
            "event_type": text("event_type")?,
            "event_version": text("event_version")?,
            "payload": parsed(text("payload")?),
            "metadata": parsed(text("metadata")?),
            "position": position,
            "recorded_at": text("recorded_at")?,
        });
        Ok(Self { position, value })
    }
}

/// JSON that no program can read (a number beyond all bounds, a thousand levels) was written by none: it stands for itself.
fn parsed(json: String) -> Value {
    serde_json::from_str(&json).unwrap_or(Value::String(json))
}

impl LoggedEvent {
    /// The event that an export holds; none when it is not one.
    #[must_use]
    pub fn from_json(value: Value) -> Option<Self> {
        Some(Self { position: value.get("position")?.as_i64()?, value })
    }

    /// Its place in the global order.
    #[must_use]
    pub const fn position(&self) -> i64 {
        self.position
    }

    /// The type and the id of its stream, and its place there.
    pub(super) fn stream(&self) -> (String, String, i64) {
        let text = |name: &str| self.value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let sequence = self.value.get("sequence").and_then(Value::as_i64).unwrap_or_default();
        (text("aggregate_type"), text("aggregate_id"), sequence)
    }

    /// What it is and where in its stream, for people: `user.created, event 1 of user 0192…`.
    #[must_use]
    pub fn described(&self) -> String {
        let (kind, id, sequence) = self.stream();
        let event_type = self.value.get("event_type").and_then(Value::as_str).unwrap_or_default();
        format!("{event_type}, event {sequence} of {kind} {id}")
    }

    /// What is hashed.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = String::with_capacity(1024);
        write(&self.value, &mut text);
        text
    }

    /// Its leaf: SHA-256 of 0x00 and [`LoggedEvent::canonical`].
    #[must_use]
    pub fn leaf_hash(&self) -> Hash {
        tree::leaf(self.canonical().as_bytes())
    }

    /// The leaf that it would have at another position.
    #[must_use]
    pub fn leaf_hash_at(&self, position: i64) -> Hash {
        let mut moved = self.clone();
        if let Some(place) = moved.value.get_mut("position") {
            *place = json!(position);
        }
        moved.leaf_hash()
    }
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            text.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                write(&Value::String(name.clone()), text);
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                write(item, text);
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn canonical(json: &str) -> String {
        let mut text = String::new();
        write(&serde_json::from_str(json).unwrap(), &mut text);
        text
    }

    /// The example of RFC 8785 §3.2.3: names in the order of their UTF-16 code units, nothing escaped that need not be.
    #[test]
    fn members_stand_in_the_order_of_the_rfc() {
        let given = r#"{"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7}"#;
        assert_eq!(canonical(given), "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}");
    }

    #[test]
    fn text_is_escaped_as_the_rfc_says() {
        let given = r#"["\u0000\u001f\b\t\n\f\r\"\\/é"]"#;
        assert_eq!(canonical(given), "[\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/é\"]");
    }

    #[test]
    fn whole_numbers_are_exact() {
        assert_eq!(
            canonical("[9007199254740993, -1, 18446744073709551615]"),
            "[9007199254740993,-1,18446744073709551615]"
        );
    }

    #[test]
    fn an_event_at_another_position_is_another_leaf() {
        let event = LoggedEvent::from_json(json!({"position": 7, "payload": {}})).unwrap();
        assert_ne!(event.leaf_hash(), event.leaf_hash_at(8));
        assert_eq!(event.leaf_hash(), event.leaf_hash_at(7));
        assert_eq!(event.canonical(), r#"{"payload":{},"position":7}"#);
    }
}
