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

/// The names in an event, with dots between, except below `own`, which is ours.
fn names(own: &str, before: &str, value: &Value, found: &mut BTreeSet<String>) {
    for (name, value) in value.as_object().unwrap() {
        let name = format!("{before}{name}");
        if value.is_object() && name != own {
            names(own, &format!("{name}."), value, found);
        } else {
            found.insert(name);
        }
    }
}

/// All names of events that are neither ours nor published.
fn unknown(own: &str, events: &[Value], published: &[&str]) -> Vec<String> {
    let mut found = BTreeSet::new();
    events.iter().for_each(|event| names(own, "", event, &mut found));
    found.into_iter().filter(|name| name != own && !published.contains(&name.as_str())).collect()
}

/// Names within objects, as version 1.6.0 publishes them: actor, network_endpoint, managed_entity, group, metadata, product,
/// service, session and user.
const OCSF_NESTED: [&str; 28] = [
    "actor.app_name",
    "actor.user.name",
    "actor.user.uid",
    "entity.name",
    "entity.type",
    "entity.uid",
    "entity.version",
    "group.uid",
    "metadata.correlation_uid",
    "metadata.event_code",
    "metadata.log_name",
    "metadata.product.name",
    "metadata.product.vendor_name",
    "metadata.product.version",
    "metadata.sequence",
    "metadata.tenant_uid",
    "metadata.uid",
    "metadata.version",
    "service.name",
    "service.uid",
    "service.version",
    "session.created_time",
    "session.issuer",
    "session.uid",
    "src_endpoint.ip",
    "user.name",
    "user.type_id",
    "user.uid",
];

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
    let mut published: Vec<&str> = OCSF_COMMON.iter().chain(&OCSF_NESTED).copied().collect();
    published.extend(OCSF_CLASSES.iter().flat_map(|class| class.2.iter().chain(class.3)));
    assert_eq!(unknown("unmapped", &events, &published), [""; 0]);
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

/// Names that version 8.17 publishes.
const ECS_FIELDS: [&str; 22] = [
    "@timestamp",
    "ecs.version",
    "event.action",
    "event.category",
    "event.dataset",
    "event.id",
    "event.kind",
    "event.module",
    "event.outcome",
    "event.reason",
    "event.sequence",
    "event.type",
    "http.request.id",
    "organization.id",
    "related.ip",
    "related.user",
    "source.address",
    "source.ip",
    "user.id",
    "user.name",
    "user.target.id",
    "user.target.name",
];

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
    assert_eq!(unknown("argus", &events, &ECS_FIELDS), [""; 0]);
    for event in &events {
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
