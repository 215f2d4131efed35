//! Which aggregates are traffic, and which of them have an inline row.

use super::Traffic;
use aggregates::{grant::Grant, session::Session};
use projections::sessions;
use serde_json::Value;

/// A grant's stream is its state.
impl Traffic for Grant {
    fn inline_row(&self, _: &str, _: i64) -> Option<Value> {
        None
    }
}

impl Traffic for Session {
    fn inline_row(&self, id: &str, sequence: i64) -> Option<Value> {
        sessions::row(id.parse().ok()?, sequence, self)
    }
}
