//! An entry as an event of the Open Cybersecurity Schema Framework, version 1.6.0, category Identity & Access Management. What has
//! no place there is below `unmapped`.

use super::{acting_system, acting_user, pruned, rest};
use projections::audit::AuditRow;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

const VERSION: &str = "1.6.0";
const CATEGORY: i64 = 3;
const OTHER: i64 = 99;

const AUTHENTICATION: i64 = 3002;
const AUTHORIZE_SESSION: i64 = 3003;
const ACCOUNT_CHANGE: i64 = 3001;
const ENTITY_MANAGEMENT: i64 = 3004;
const GROUP_MANAGEMENT: i64 = 3006;

/// Fields that have a place in every class.
const PLACED: [&str; 11] =
    ["position", "at", "action", "reason", "actor", "userId", "userName", "customerId", "ip", "requestId", "count"];

/// An event of the Open Cybersecurity Schema Framework.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OcsfEvent {
    /// Of which class.
    class_uid: i64,
    /// Everything else.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
}

impl OcsfEvent {
    pub(super) fn of(row: &AuditRow) -> Self {
        let (class_uid, activity) = classified(&row.action);
        let mut fields = pruned(common(row, class_uid, activity));
        fields.extend(pruned(subject(class_uid, row)));
        if class_uid == AUTHORIZE_SESSION {
            // The class asks for them, also where there are none.
            fields.insert("privileges".to_owned(), json!(row.scopes.clone().unwrap_or_default()));
        }
        Self { class_uid, fields }
    }
}

fn common(row: &AuditRow, class: i64, activity: i64) -> Value {
    json!({
        "category_uid": CATEGORY,
        "activity_id": activity,
        "activity_name": (activity == OTHER).then_some(&row.action),
        "type_uid": class * 100 + activity,
        "severity_id": severity(row),
        "status_id": if row.outcome == "refused" { 2 } else { 1 },
        "status_code": row.reason,
        "time": row.at,
        "count": row.count,
        "metadata": {
            "version": VERSION,
            "product": { "name": "Argus IdP", "vendor_name": "Argus", "version": env!("CARGO_PKG_VERSION") },
            "log_name": "audit",
            "event_code": row.action,
            "uid": row.position.to_string(),
            "sequence": row.position,
            "correlation_uid": row.request_id,
            "tenant_uid": row.customer_id,
        },
        "actor": actor(row),
        "src_endpoint": { "ip": row.ip },
        "unmapped": rest(row, &PLACED),
    })
}

/// Class and activity.
fn classified(action: &str) -> (i64, i64) {
    let (noun, verb) = action.split_once('.').unwrap_or((action, ""));
    match noun {
        "authorization" => (AUTHORIZE_SESSION, 1),
        "user" => (ACCOUNT_CHANGE, account(verb)),
        "group" => (GROUP_MANAGEMENT, group(verb)),
        "sign_in" | "session" | "token" | "code" | "refresh" => (AUTHENTICATION, authentication(action)),
        _ => (ENTITY_MANAGEMENT, entity(verb)),
    }
}

/// Logon, logoff, service ticket requested, service ticket renewed.
fn authentication(action: &str) -> i64 {
    match action {
        "sign_in.succeeded" | "sign_in.repeated" | "sign_in.refused" => 1,
        "session.ended" => 2,
        "token.issued" | "token.issued_to_script" | "token.refused" => 4,
        "token.refreshed" => 5,
        _ => OTHER,
    }
}

/// Create, enable, password change, delete, attach and detach policy, lock, unlock.
fn account(verb: &str) -> i64 {
    match verb {
        "created" => 1,
        "reenabled" => 2,
        "password_set" => 3,
        "deleted" => 6,
        "permission_granted" => 7,
        "permission_revoked" => 8,
        "blocked" => 9,
        "unblocked" => 12,
        _ => OTHER,
    }
}

/// Assign and revoke privileges, delete, create. Members are users or groups, which the schema tells apart and the entry does not.
fn group(verb: &str) -> i64 {
    match verb {
        "permission_granted" => 1,
        "permission_revoked" => 2,
        "deleted" => 5,
        "created" => 6,
        _ => OTHER,
    }
}

/// Create, delete, move or rename, enable, disable, activate; else update.
fn entity(verb: &str) -> i64 {
    match verb {
        "created" | "defined" | "generated" => 1,
        "deleted" | "retired" => 4,
        "moved" | "renamed" => 5,
        "enabled" => 8,
        "disabled" => 9,
        "activated" => 10,
        _ => 3,
    }
}

/// High for what only a thief or a broken client does, low for other refusals, else informational.
fn severity(row: &AuditRow) -> i64 {
    match row.action.as_str() {
        "code.replayed" | "code.spoiled" | "refresh.reused" => 4,
        _ if row.outcome == "refused" => 2,
        _ => 1,
    }
}

fn actor(row: &AuditRow) -> Value {
    let name = row.user_id.filter(|id| acting_user(row) == Some(&id.to_string())).and(row.user_name.as_ref());
    json!({ "user": { "uid": acting_user(row), "name": name }, "app_name": acting_system(row) })
}

/// What the class is about.
fn subject(class: i64, row: &AuditRow) -> Value {
    let session = json!({ "uid": row.session_id, "created_time": row.authenticated_at, "issuer": "Argus IdP" });
    let session = if row.session_id.is_some() { session } else { Value::Null };
    match class {
        ENTITY_MANAGEMENT => json!({
            "entity": {
                "uid": row.object_id, "type": row.object_type, "name": row.client_short_name,
                "version": row.client_version.map(|version| version.to_string()),
            },
            "comment": row.note,
        }),
        GROUP_MANAGEMENT => json!({ "group": { "uid": row.object_id } }),
        ACCOUNT_CHANGE => json!({ "user": user(row) }),
        AUTHORIZE_SESSION => json!({ "user": user(row), "session": session }),
        _ => json!({ "user": user(row), "session": session, "service": service(row), "is_remote": true }),
    }
}

/// Somebody, where nobody is known.
fn user(row: &AuditRow) -> Value {
    match row.user_id {
        Some(id) => json!({ "uid": id, "name": row.user_name, "type_id": 1 }),
        None => json!({ "name": "unknown", "type_id": 0 }),
    }
}

/// The client that was signed in to, else this server.
fn service(row: &AuditRow) -> Value {
    match row.client_id {
        Some(id) => {
            json!({ "uid": id, "name": row.client_short_name, "version": row.client_version.map(|v| v.to_string()) })
        }
        None => json!({ "name": "Argus IdP" }),
    }
}
