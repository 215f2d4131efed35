//! The stored form of events, checked in both directions against `aggregates/wire/`: one golden JSON file per event type and
//! version. A stored event is never changed, so neither is its file; `WRITE_WIRE=1 cargo test -p aggregates` adds missing
//! files and leaves those that exist alone.

use cqrs_es::DomainEvent;
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::PathBuf};

fn golden(event_type: &str, version: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("wire/{event_type}.v{version}.json"))
}

/// `examples` holds one event of every entry in `stored_as`, and each equals its golden file, written and read.
#[expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that stops")]
pub(crate) fn assert_golden<E: DomainEvent>(stored_as: &[(&str, &str)], examples: &[E]) {
    let mut shown = BTreeSet::new();
    for event in examples {
        let (name, version) = (event.event_type(), event.event_version());
        let path = golden(&name, &version);
        let written = serde_json::to_value(event).unwrap();
        if !path.exists() && std::env::var_os("WRITE_WIRE").is_some() {
            fs::write(&path, format!("{written:#}\n")).unwrap();
        }
        let stored: Value = serde_json::from_slice(&fs::read(&path).expect(&name)).unwrap();
        assert_eq!(written, stored, "{name} is written otherwise than it was stored");
        assert_eq!(&serde_json::from_value::<E>(stored).unwrap(), event, "{name} is read otherwise than it was meant");
        shown.insert((name, version));
    }
    let all = stored_as.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect();
    assert_eq!(shown, all, "every stored event has an example");
}
