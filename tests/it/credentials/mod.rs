//! How people and scripts prove who they are: API keys, passwords, blocking, and what is told of it. Refusals come first.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod api_key;
mod api_key_rights;
mod api_key_uses;
mod block;
mod events;
mod password;

use crate::support::{
    people::Person,
    server::{Answer, TestServer, json, with},
};
use axum::{body::Body, http::Request};
use serde_json::Value;

const KEYS: &str = "/authentication/v1/apikey";

/// A request with a body, or with none when it is null.
fn request(method: &str, path: &str, body: &Value) -> Request<Body> {
    match body {
        Value::Null => Request::builder().method(method).uri(path).body(Body::empty()).unwrap(),
        body => json(method, path, body),
    }
}

/// By API key.
async fn by_key(server: &TestServer, key: &str, method: &str, path: &str, body: &Value) -> Answer {
    server.call(with("argus-api-key", key, request(method, path, body))).await
}

/// By the token of a session or a client.
async fn by_token(server: &TestServer, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    server.call(with("authorization", &format!("Bearer {token}"), request(method, path, body))).await
}

/// In the session of somebody who is signed in.
async fn by(person: &Person, method: &str, path: &str, body: &Value) -> Answer {
    by_token(&person.server, &person.session_token(), method, path, body).await
}

/// The fields that a refusal names.
#[track_caller]
fn fields(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 412, "{}", answer.text());
    let body = answer.json();
    body["messages"].as_array().unwrap().iter().map(|message| message["field"].as_str().unwrap().to_owned()).collect()
}

/// The data of a success.
#[track_caller]
fn data(answer: &Answer) -> Value {
    assert!((200..300).contains(&answer.status), "{}: {}", answer.status, answer.text());
    answer.json()["data"].clone()
}
