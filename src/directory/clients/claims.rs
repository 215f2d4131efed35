//! Custom claims as they are typed: `{claim, scope, value | source | function}`.

use crate::{database::QueryError, event_store::DefinitionLane, http::Fields};
use aggregates::values::{ClaimName, ClaimSource, ClaimValue, CustomClaim, Scope, UserAttribute};
use projections::lookup;
use serde_json::Value;

/// The longest fixed text.
const LONGEST: usize = 1000;
/// The words of the Argus API for what can be copied from a user.
const ATTRIBUTES: &[&str] = &[
    "username",
    "name",
    "picture",
    "email",
    "phone",
    "clientIP",
    "customerID",
    "customerShortName",
    "customerName",
    "domainID",
];

/// A custom claim whose function, if it has one, is not looked up yet.
pub struct ClaimInput {
    claim: ClaimName,
    scope: Scope,
    from: Source,
}

enum Source {
    Known(ClaimSource),
    Function(String),
}

impl ClaimInput {
    /// Reads one element of the list.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let claim = fields.parsed("claim");
        let scope = fields.parsed("scope");
        let claim = fields.required("claim", claim);
        let scope = fields.required("scope", scope);
        let from = source(fields);
        Some(Self { claim: claim?, scope: scope?, from: from? })
    }

    /// The claim, or nothing when there is no such function.
    pub(super) async fn resolve(self, lane: &mut DefinitionLane) -> Result<Option<CustomClaim>, QueryError> {
        let from = match self.from {
            Source::Known(from) => Some(from),
            Source::Function(reference) => lookup::function(lane.connection(), &reference)
                .await?
                .map(|function| ClaimSource::Function(function.id)),
        };
        Ok(from.map(|from| CustomClaim { claim: self.claim, scope: self.scope, from }))
    }
}

/// Exactly one of the three.
fn source(fields: &mut Fields) -> Option<Source> {
    let value = fields.value("value");
    let attribute = fields.word::<UserAttribute>("source", ATTRIBUTES);
    let function = fields.text("function");
    match (value, attribute, function) {
        (Some(value), None, None) => fixed(fields, value).map(|value| Source::Known(ClaimSource::Value(value))),
        (None, Some(attribute), None) => Some(Source::Known(ClaimSource::Attribute(attribute))),
        (None, None, Some(reference)) => Some(Source::Function(reference)),
        _ => {
            fields.refuse("value", "exactly one of value, source and function is required");
            None
        }
    }
}

fn fixed(fields: &mut Fields, value: Value) -> Option<ClaimValue> {
    match value {
        Value::String(text) if text.len() <= LONGEST => Some(ClaimValue::Text(text)),
        Value::Bool(flag) => Some(ClaimValue::Flag(flag)),
        Value::Number(number) if number.is_i64() => number.as_i64().map(ClaimValue::Number),
        _ => {
            fields.refuse("value", "must be a text of at most 1000 characters, a whole number, true or false");
            None
        }
    }
}
