//! An event as other systems are told of it: CloudEvents 1.0 in its structured JSON form, with the `sequence` extension.
//! Hashes of secrets are withheld; personal data stays sealed, as it is stored.

use chrono::{DateTime, SecondsFormat};
use projections::Recorded;
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

/// The namespace (RFC 9562 §5.5) of the ids of events.
const NAMESPACE: Uuid = uuid!("47d7ac08-4030-4088-861b-b26f30dfdf03");

/// The media type of what is told.
pub(super) const MEDIA_TYPE: &str = "application/cloudevents+json";

/// An event and how it is told.
pub(super) struct Told<'a> {
    pub(super) recorded: &'a Recorded,
    /// UUIDv5 of `TYPE/ID/SEQUENCE`: the same whenever and wherever the event is delivered.
    pub(super) id: Uuid,
    /// The CloudEvent.
    pub(super) event: Value,
}

/// Renders the events of one server.
pub(super) struct Envelope {
    /// The issuer.
    source: String,
}

impl Envelope {
    pub(super) const fn of(source: String) -> Self {
        Self { source }
    }

    /// The event, told.
    pub(super) fn around<'a>(&self, recorded: &'a Recorded) -> Told<'a> {
        let Recorded { aggregate_type, aggregate_id, sequence, .. } = recorded;
        let id = Uuid::new_v5(&NAMESPACE, format!("{aggregate_type}/{aggregate_id}/{sequence}").as_bytes());
        Told { recorded, id, event: self.event(id, recorded) }
    }

    fn event(&self, id: Uuid, event: &Recorded) -> Value {
        let at = DateTime::from_timestamp_millis(event.at().millis()).unwrap_or_default();
        json!({
            "specversion": "1.0",
            "id": id,
            "source": self.source,
            "type": event.event_type,
            "subject": stream(event),
            "time": at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "datacontenttype": "application/json",
            // Strings that sort as the log does.
            "sequence": format!("{:019}", event.position),
            "data": {
                "sequence": event.sequence,
                "version": event.event_version,
                "payload": without_hashes(&event.payload),
                "metadata": event.metadata,
            },
        })
    }
}

/// The name of an event's stream, `{type}-{id}`.
pub(super) fn stream(event: &Recorded) -> String {
    format!("{}-{}", event.aggregate_type, event.aggregate_id)
}

/// The payload with null in place of what somebody could test guesses or stolen tokens against.
fn without_hashes(payload: &Value) -> Value {
    match payload {
        Value::String(text) if is_hash(text) => Value::Null,
        Value::Array(values) => values.iter().map(without_hashes).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| match name.as_str() {
                "sealed_private" => (name.clone(), Value::Null),
                _ => (name.clone(), without_hashes(value)),
            });
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

/// SHA-256 in hexadecimal, or argon2 as a PHC string.
fn is_hash(text: &str) -> bool {
    text.starts_with("$argon2") || (text.len() == 64 && text.bytes().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use std::{collections::HashMap, fs};

    fn recorded(event_type: &str, payload: Value) -> Recorded {
        Recorded {
            position: 42,
            aggregate_type: "grant".to_owned(),
            aggregate_id: "0192f0c1-2222-7000-8000-000000000001".to_owned(),
            sequence: 3,
            event_type: event_type.to_owned(),
            event_version: "1".to_owned(),
            payload,
            metadata: HashMap::from([
                ("at".to_owned(), "1790000000123".to_owned()),
                ("actor".to_owned(), "user:x".to_owned()),
            ]),
            recorded_at: DateTime::default(),
        }
    }

    fn told(event_type: &str, payload: Value) -> Value {
        Envelope::of("https://idp.example".to_owned()).around(&recorded(event_type, payload)).event
    }

    #[test]
    fn of_all_events_that_there_are_none_tells_a_hash_or_a_private_key() {
        let golden = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/aggregates/wire")).unwrap();
        let (mut withheld, mut all) = (0, 0);
        for file in golden {
            let payload: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
            let stored = payload.to_string();
            let text = told("any", payload)["data"]["payload"].to_string();
            for secret in ["$argon2", "\"v1.AAEC\"", "abababababab", "0101010101", "0b0b0b0b0b", "1515151515"] {
                withheld += usize::from(stored.contains(secret));
                assert!(!text.contains(secret), "{text}");
            }
            all += 1;
        }
        assert!(all > 70 && withheld >= 10, "{withheld} of {all}");
    }

    #[test]
    fn the_rest_of_a_payload_is_told_as_it_is_stored() {
        let stored = json!({"authorized": {
            "address": "v1.00000000-0000-0000-0000-000000000003.address.c2VhbGVk",
            "code": "01".repeat(32), "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "scopes": ["openid"], "at": 5, "session": null,
        }});
        let mut expected = stored.clone();
        expected["authorized"]["code"] = Value::Null;
        assert_eq!(told("grant.authorized", stored)["data"]["payload"], expected);
    }

    #[test]
    fn an_event_is_told_as_a_cloud_event_with_an_id_of_its_place_in_its_stream() {
        let told = told("grant.revoked", json!({"revoked": {"reason": "asked"}}));
        let expected = json!({
            "specversion": "1.0",
            "id": Uuid::new_v5(&NAMESPACE, b"grant/0192f0c1-2222-7000-8000-000000000001/3"),
            "source": "https://idp.example",
            "type": "grant.revoked",
            "subject": "grant-0192f0c1-2222-7000-8000-000000000001",
            "time": "2026-09-21T14:13:20.123Z",
            "datacontenttype": "application/json",
            "sequence": "0000000000000000042",
            "data": {
                "sequence": 3,
                "version": "1",
                "payload": {"revoked": {"reason": "asked"}},
                "metadata": {"at": "1790000000123", "actor": "user:x"},
            },
        });
        assert_eq!(told, expected);
    }
}
