//! What clients were: their history, what differs, going back, and who could use them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod as_of;
mod command_line;
mod history;
mod reasons;
mod restore;
mod who_can;

use crate::support::server::{Answer, TestServer, json, with};
use axum::{body::Body, http::Request};
use serde_json::Value;

const CLIENTS: &str = "/authentication/v1/oauth/client";

/// A call as the administrator, with the API key.
async fn call(server: &TestServer, request: Request<Body>) -> Answer {
    server.call(with("argus-api-key", &server.directory.admin_key, request)).await
}

async fn get(server: &TestServer, path: &str) -> Answer {
    call(server, Request::get(format!("{CLIENTS}/{path}")).body(Body::empty()).unwrap()).await
}

async fn put(server: &TestServer, client: &str, body: &Value) -> Answer {
    call(server, json("PUT", &format!("{CLIENTS}/{client}"), body)).await
}

/// The data of a call that must succeed.
#[track_caller]
fn data(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["data"].clone()
}
