//! Administrators of one customer, and what they ask.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::support::{
    directory::{grant, issue_key, newcomer, person},
    server::{Answer, TestServer, json, with},
};
use aggregates::ids::UserId;
use axum::{body::Body, http::Request};
use serde_json::Value;
use zeroize::Zeroizing;

/// Somebody with an API key.
pub(crate) struct Caller<'a> {
    pub(crate) server: &'a TestServer,
    pub(crate) user: UserId,
    key: Zeroizing<String>,
}

/// A new user of a customer who holds functions for it.
pub(crate) async fn caller<'a>(server: &'a TestServer, name: &str, customer: &str, functions: &[&str]) -> Caller<'a> {
    let user = newcomer(&server.idp, &server.directory, person(name, name, Some(customer))).await;
    for function in functions {
        grant(&server.idp, &server.directory, user, function, Some(customer)).await;
    }
    let key = issue_key(&server.idp, user, &["0.0.0.0/0", "::/0"]).await;
    Caller { server, user, key }
}

/// The installation's administrator.
pub(crate) fn admin(server: &TestServer) -> Caller<'_> {
    let key = server.directory.admin_key.clone();
    Caller { server, user: server.directory.admin, key }
}

pub(crate) const MANAGER: &[&str] = &["viewUsers", "manageUsers", "viewGroups", "manageGroups"];

impl Caller<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Request::delete(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(json("POST", path, body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(json("PUT", path, body)).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        self.server.call(with("argus-api-key", &self.key, request)).await
    }
}

/// The fields that an answer complains about.
#[track_caller]
pub(crate) fn bad_fields(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 412, "{}", answer.text());
    let body = answer.json();
    let messages = body["messages"].as_array().unwrap();
    messages.iter().map(|message| message["field"].as_str().unwrap().to_owned()).collect()
}

/// The short names of a list, and the count of all.
#[track_caller]
pub(crate) fn names(answer: &Answer) -> (Vec<String>, i64) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let rows = body["data"].as_array().unwrap();
    (rows.iter().map(|row| row["shortName"].as_str().unwrap().to_owned()).collect(), body["count"].as_i64().unwrap())
}

pub(crate) fn data(answer: &Answer) -> Value {
    answer.json()["data"].clone()
}
