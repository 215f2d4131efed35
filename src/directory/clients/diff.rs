//! What differs between two definitions of a client, field by field, in the words of the API.

use super::shown;
use aggregates::{
    client::ClientAuthentication,
    values::{PermittedScopes, SecretHash},
};
use projections::clients::ClientView;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// The fields that a change can change, as the client object names them. What follows from others is left out, and what it says of
/// the past.
const FIELDS: &[&str] = &[
    "shortName",
    "name",
    "description",
    "mainURI",
    "redirectURIs",
    "clientIPRange",
    "authenticationMethod",
    "requiredFunction",
    "permissionScope",
    "permittedScopes",
    "openIDCustomClaims",
    "maxSecurityLevel",
    "requirePkce",
    "clientCredentials",
    "requireSameClientIP",
    "accessTokenFormat",
    "flags",
];
/// The flag that only repeats a field.
const REPEATED: &str = "requireSameClientIP";

/// What became of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldChange {
    /// Its name; `clientSecret` for the secret, of which nothing more is told.
    pub field: &'static str,
    /// What it was and what it is; of `permittedScopes` null means any.
    #[serde(flatten)]
    pub how: Change,
}

/// How a field changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Change {
    /// It has another value, or its list another order.
    Value {
        /// Before.
        #[schema(value_type = Object)]
        from: Value,
        /// After.
        #[schema(value_type = Object)]
        to: Value,
    },
    /// Its list has other members.
    Members {
        /// Those that are new.
        #[schema(value_type = Vec<Object>)]
        added: Vec<Value>,
        /// Those that are gone.
        #[schema(value_type = Vec<Object>)]
        removed: Vec<Value>,
    },
    /// It is another one, which is all that is told.
    Secret {
        /// True.
        changed: bool,
    },
}

/// The changes from one definition to another; both with the names of what they refer to.
#[must_use]
pub fn diff(before: &ClientView, after: &ClientView) -> Vec<FieldChange> {
    let (from, to) = (compared(before), compared(after));
    let changes = FIELDS.iter().filter_map(|field| {
        let (from, to) = (from.get(field)?, to.get(field)?);
        (from != to).then(|| FieldChange { field, how: change(from, to) })
    });
    let secret_of = |view: &'_ ClientView| secret(&view.client.definition.authentication).cloned();
    let secret = (secret_of(before) != secret_of(after))
        .then_some(FieldChange { field: "clientSecret", how: Change::Secret { changed: true } });
    changes.chain(secret).collect()
}

/// The client object; without scopes any are permitted, which is not the same as none.
fn compared(view: &ClientView) -> Value {
    let mut object = json!(shown(view, true));
    if let (PermittedScopes::Any, Some(scopes)) =
        (&view.client.definition.permitted_scopes, object.get_mut("permittedScopes"))
    {
        *scopes = Value::Null;
    }
    if let Some(flags) = object.get_mut("flags").and_then(Value::as_array_mut) {
        flags.retain(|flag| flag != REPEATED);
    }
    object
}

fn change(from: &Value, to: &Value) -> Change {
    if let (Value::Array(before), Value::Array(after)) = (from, to) {
        let missing = |these: &[Value], those: &[Value]| -> Vec<_> {
            these.iter().filter(|one| !those.contains(one)).cloned().collect()
        };
        let (added, removed) = (missing(after, before), missing(before, after));
        if !(added.is_empty() && removed.is_empty()) {
            return Change::Members { added, removed };
        }
    }
    Change::Value { from: from.clone(), to: to.clone() }
}

const fn secret(authentication: &ClientAuthentication) -> Option<&SecretHash> {
    match authentication {
        ClientAuthentication::None => None,
        ClientAuthentication::Password { secret } => Some(secret),
    }
}
