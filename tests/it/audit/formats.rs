//! Entries in the words of security tools: every entry of a long story has what the schema asks for, and nothing is lost.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{ENTRIES, EXPORT, ask, history::History};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn told(history: &History, format: &str) -> Vec<Value> {
    let fields = [("format", format), ("limit", "1000")];
    ask(&history.admin, ENTRIES, &fields).await.json()["data"].as_array().unwrap().clone()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The fields that version 1.6.0 has in every class of the category.
const OCSF_COMMON: [&str; 14] = [
    "activity_id",
    "activity_name",
    "actor",
    "category_uid",
    "class_uid",
    "count",
    "metadata",
    "severity_id",
    "src_endpoint",
    "status_code",
    "status_id",
    "time",
    "type_uid",
    "unmapped",
];

/// Class, activities, fields that it requires, fields that it knows besides.
type Class = (i64, &'static [i64], &'static [&'static str], &'static [&'static str]);

const OCSF_CLASSES: [Class; 5] = [
    (3001, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99], &["user"], &[]),
    (3002, &[1, 2, 3, 4, 5, 6, 7, 99], &["user", "service"], &["session", "is_remote"]),
    (3003, &[1, 2, 99], &["user", "privileges"], &["session"]),
    (3004, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 99], &["entity"], &["comment"]),
    (3006, &[1, 2, 3, 4, 5, 6, 7, 8, 99], &["group"], &[]),
];

#[tokio::test]
async fn every_entry_is_an_event_of_ocsf() {
    let history = History::new().await;
    let events = told(&history, "ocsf").await;
    let mut classes = BTreeSet::new();
    for event in &events {
        let class = event["class_uid"].as_i64().unwrap();
        let (_, activities, required, known) = OCSF_CLASSES.iter().find(|known| known.0 == class).unwrap();
        let activity = event["activity_id"].as_i64().unwrap();
        assert!(activities.contains(&activity), "{event}");
        assert_eq!(event.get("activity_name").is_some(), activity == 99, "{event}");
        assert_eq!(event["type_uid"], class * 100 + activity, "{event}");
        let fields: BTreeSet<&str> = OCSF_COMMON.iter().chain(*required).chain(*known).copied().collect();
        assert!(keys(event).is_subset(&fields), "{event}");
        for field in ["category_uid", "time", "severity_id", "status_id", "metadata"].iter().chain(*required) {
            assert!(!event[field].is_null(), "{field} of {event}");
        }
        assert_eq!(event["metadata"]["version"], "1.6.0");
        assert!(event["metadata"]["product"]["vendor_name"].is_string(), "{event}");
        classes.insert(class);
    }
    assert_eq!(classes, OCSF_CLASSES.iter().map(|class| class.0).collect(), "the story has every class");
    let refused = events.iter().find(|event| event["metadata"]["event_code"] == "sign_in.refused").unwrap();
    assert_eq!(
        (&refused["type_uid"], &refused["status_id"], &refused["severity_id"]),
        (&json!(300_201), &json!(2), &json!(2))
    );
    assert_eq!((&refused["status_code"], &refused["user"]["name"]), (&json!("wrong_password"), &json!("alice")));
    assert_eq!(
        (&refused["src_endpoint"]["ip"], &refused["actor"]["user"]["name"]),
        (&json!("203.0.113.9"), &json!("alice"))
    );
}

/// What version 8.17 allows as `event.type` of a category.
const ECS_TYPES: [(&str, &[&str]); 4] = [
    ("authentication", &["start", "end", "info"]),
    ("session", &["start", "end", "info"]),
    ("iam", &["admin", "change", "creation", "deletion", "group", "info", "user"]),
    ("configuration", &["access", "change", "creation", "deletion", "info"]),
];

#[tokio::test]
async fn every_entry_is_an_event_of_ecs() {
    let history = History::new().await;
    let events = told(&history, "ecs").await;
    let known =
        BTreeSet::from(["@timestamp", "argus", "ecs", "event", "http", "organization", "related", "source", "user"]);
    for event in &events {
        assert!(keys(event).is_subset(&known), "{event}");
        assert_eq!((&event["ecs"]["version"], &event["event"]["kind"]), (&json!("8.17.0"), &json!("event")));
        chrono::DateTime::parse_from_rfc3339(event["@timestamp"].as_str().unwrap()).unwrap();
        let category = event["event"]["category"][0].as_str().unwrap();
        let (_, allowed) = ECS_TYPES.iter().find(|(known, _)| *known == category).unwrap();
        let types = event["event"]["type"].as_array().unwrap();
        assert!(!types.is_empty() && types.iter().all(|kind| allowed.contains(&kind.as_str().unwrap())), "{event}");
        let failed = event["argus"]["outcome"] == "refused";
        assert_eq!(event["event"]["outcome"], if failed { "failure" } else { "success" }, "{event}");
    }
    let moved = events.iter().find(|event| event["event"]["action"] == "user.moved").unwrap();
    assert_eq!((&moved["user"]["name"], &moved["user"]["target"]["name"]), (&json!("system:cli"), &json!("bob")));
    let issued = events.iter().find(|event| event["event"]["action"] == "token.issued").unwrap();
    assert_eq!((&issued["user"]["name"], &issued["user"]["target"]), (&json!("alice"), &Value::Null));
    assert_eq!((&issued["source"]["ip"], &issued["argus"]["clientShortName"]), (&json!("10.1.2.3"), &json!("second")));
}

/// Every text and number in it.
fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|value| leaves(value, found)),
        Value::Array(values) => values.iter().for_each(|value| leaves(value, found)),
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Null => {}
        other => drop(found.insert(other.to_string())),
    }
}

#[tokio::test]
async fn no_word_of_an_entry_is_lost_in_other_words() {
    let history = History::new().await;
    let own = told(&history, "argus").await;
    for format in ["ecs", "ocsf"] {
        for (entry, event) in own.iter().zip(told(&history, format).await) {
            let (mut there, mut here) = (BTreeSet::new(), BTreeSet::new());
            leaves(&event, &mut there);
            let mut entry = entry.clone();
            let at = entry["at"].take().as_i64().unwrap();
            leaves(&entry, &mut here);
            let text = there.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
            for word in here {
                let word = word.strip_prefix("user:").unwrap_or(&word);
                assert!(there.contains(word) || word == "anonymous", "{word} of {entry} in {text}");
            }
            let time = chrono::DateTime::from_timestamp_millis(at).unwrap();
            let time = time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            assert!(there.contains(&time) || there.contains(&at.to_string()), "{text}");
        }
    }
}

#[tokio::test]
async fn all_three_tell_the_same_events() {
    let history = History::new().await;
    for format in ["ecs", "ocsf"] {
        let page = told(&history, format).await;
        let exported = ask(&history.admin, EXPORT, &[("format", format)]).await.text();
        let lines: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[..lines.len() - 1], page, "{format}");
        assert_eq!(lines[lines.len() - 1]["rows"], page.len());
        let line = format!("audit search --limit 1000 --format {format} position:{}", history.rows.len());
        let shown: Value = serde_json::from_slice(&history.operator.run(&line).await.stdout).unwrap();
        assert!(page.contains(&shown), "{format}: {shown}");
    }
}
