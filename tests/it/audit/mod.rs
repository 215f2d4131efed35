//! Asking the audit trail: over HTTP, as an export and on the command line.

#![expect(clippy::unwrap_used, reason = "tests")]

mod agreement;
mod files;
mod formats;
mod history;
mod indexes;
mod paging;
mod refusals;
mod streaming;
mod tail;

use crate::support::{
    people::Person,
    server::{Answer, encoded, with},
};
use axum::{body::Body, http::Request};

const ENTRIES: &str = "/audit/v1/entries";
const EXPORT: &str = "/audit/v1/entries/export";

/// A question over HTTP.
async fn ask(person: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::get(format!("{path}?{}", encoded(fields))).body(Body::empty()).unwrap();
    person.server.call(with("authorization", &format!("Bearer {}", person.session_token()), request)).await
}
