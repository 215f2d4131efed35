//! An entry in the fields of the Elastic Common Schema, version 8.17. What has no place there is below `argus`.

use super::{acting_system, acting_user, pruned, rest};
use chrono::{DateTime, SecondsFormat};
use projections::audit::AuditRow;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

const VERSION: &str = "8.17.0";

/// Fields that have a place in the schema.
const PLACED: [&str; 12] = [
    "position",
    "at",
    "action",
    "outcome",
    "reason",
    "actor",
    "userId",
    "userName",
    "customerId",
    "ip",
    "requestId",
    "note",
];

/// An event of the Elastic Common Schema.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EcsEvent {
    /// When.
    #[serde(rename = "@timestamp")]
    timestamp: String,
    /// Everything else.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
}

impl EcsEvent {
    pub(super) fn of(row: &AuditRow) -> Self {
        let at = DateTime::from_timestamp_millis(row.at.millis()).unwrap_or_default();
        Self { timestamp: at.to_rfc3339_opts(SecondsFormat::Millis, true), fields: fields(row) }
    }
}

fn fields(row: &AuditRow) -> Map<String, Value> {
    let (category, kind) = classified(&row.action);
    let (user, target) = users(row);
    let related: Vec<_> = [&user.id, &user.name, &target.id, &target.name].into_iter().flatten().collect();
    let mut argus = rest(row, &PLACED);
    argus.insert("outcome".to_owned(), json!(row.outcome));
    pruned(json!({
        "ecs": { "version": VERSION },
        "event": {
            "kind": "event",
            "category": [category],
            "type": kind,
            "action": row.action,
            "outcome": if row.outcome == "refused" { "failure" } else { "success" },
            "reason": row.reason.as_ref().or(row.note.as_ref()),
            "id": row.position.to_string(),
            "sequence": row.position,
            "module": "argus",
            "dataset": "argus.audit",
        },
        "user": { "id": user.id, "name": user.name, "target": { "id": target.id, "name": target.name } },
        "organization": { "id": row.customer_id },
        "source": { "ip": row.ip, "address": row.ip },
        "http": { "request": { "id": row.request_id } },
        "related": {
            "user": related,
            "ip": Vec::from_iter(&row.ip),
        },
        "argus": argus,
    }))
}

/// `event.category` and `event.type`.
fn classified(action: &str) -> (&'static str, Vec<&'static str>) {
    let (noun, verb) = action.split_once('.').unwrap_or((action, ""));
    match noun {
        "sign_in" => ("authentication", vec!["start"]),
        "session" => ("session", vec![if verb == "ended" { "end" } else { "info" }]),
        "authorization" | "token" | "code" | "refresh" => match verb {
            "granted" | "issued" | "issued_to_script" => ("authentication", vec!["start"]),
            "revoked" => ("authentication", vec!["end"]),
            _ => ("authentication", vec!["info"]),
        },
        "user" => ("iam", vec!["user", changed(verb)]),
        "group" => ("iam", vec!["group", changed(verb)]),
        "client" | "function" | "customer" | "domain" => ("iam", vec!["admin", changed(verb)]),
        _ => ("configuration", vec![changed(verb)]),
    }
}

fn changed(verb: &str) -> &'static str {
    match verb {
        "created" | "defined" | "generated" => "creation",
        "deleted" => "deletion",
        _ => "change",
    }
}

#[derive(Default)]
struct User {
    id: Option<String>,
    name: Option<String>,
}

/// Who acted, and on whom where that is somebody else.
fn users(row: &AuditRow) -> (User, User) {
    let about = User { id: row.user_id.map(|id| id.to_string()), name: row.user_name.clone() };
    match (acting_user(row), acting_system(row)) {
        (Some(actor), _) if about.id.as_deref() != Some(actor) => {
            (User { id: Some(actor.to_owned()), name: None }, about)
        }
        (None, Some(system)) => (User { id: None, name: Some(system.to_owned()) }, about),
        _ => (about, User::default()),
    }
}
