//! The description of the API: it has every route, and nothing else.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::support::server::{TestServer, json, with};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What is for people, or describes the rest.
const NOT_THE_API: &[&str] = &[
    "/",
    "/login",
    "/logout",
    "/password",
    "/static/{file}",
    "/oauth2/authorize",
    "/docs/api",
    "/docs/api/openapi.json",
    "/docs/api/{file}",
];

/// Every path and method of the route table.
fn routes() -> BTreeSet<(String, String)> {
    let table = include_str!("../../src/router.rs");
    let mut routes = BTreeSet::new();
    for row in table.split(".route(").skip(1) {
        let (path, handlers) = row.split_once(',').unwrap();
        let path = match path.trim() {
            "assets::ROUTE" => argus::pages::assets::ROUTE,
            literal => literal.trim_matches('"'),
        };
        let handlers = handlers.split("\n}").next().unwrap();
        for method in ["get", "post", "put", "delete"] {
            let begins = |before: Option<char>| before.is_some_and(|c| !c.is_alphanumeric() && c != '_' && c != ':');
            let call = format!("{method}(");
            if handlers.match_indices(&call).any(|(at, _)| begins(handlers[..at].chars().last())) {
                routes.insert((path.to_owned(), method.to_owned()));
            }
        }
    }
    routes
}

async fn description() -> Value {
    TestServer::start().await.get("/docs/api/openapi.json").await.json()
}

type Operations<'a> = BTreeMap<(String, String), &'a Map<String, Value>>;

fn operations(description: &Value) -> Operations<'_> {
    let mut operations = Operations::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.insert((path.clone(), method.clone()), operation.as_object().unwrap());
        }
    }
    operations
}

#[tokio::test]
async fn the_description_has_every_route_of_the_api_and_no_other() {
    let description = description().await;
    let described: BTreeSet<_> = operations(&description).into_keys().collect();
    let (outside, api): (BTreeSet<_>, BTreeSet<_>) =
        routes().into_iter().partition(|(path, _)| NOT_THE_API.contains(&path.as_str()));
    let missing: Vec<_> = api.difference(&described).collect();
    assert!(missing.is_empty(), "not described: {missing:?}");
    let surplus: Vec<_> = described.difference(&api).collect();
    assert!(surplus.is_empty(), "no such route: {surplus:?}");
    let paths: BTreeSet<&str> = outside.iter().map(|(path, _)| path.as_str()).collect();
    let stale: Vec<_> = NOT_THE_API.iter().filter(|path| !paths.contains(**path)).collect();
    assert!(stale.is_empty(), "left out, but no route: {stale:?}");
}

#[tokio::test]
async fn every_call_says_what_it_is_and_every_reference_leads_somewhere() {
    let description = description().await;
    let mut ids = BTreeSet::new();
    for (key, operation) in operations(&description) {
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{key:?} has no summary");
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{key:?}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{key:?} has another's id");
        let variables = key.0.matches('{').count();
        let parameters: Vec<_> = operation.get("parameters").and_then(Value::as_array).into_iter().flatten().collect();
        assert_eq!(parameters.iter().filter(|one| one["in"] == "path").count(), variables, "{key:?}");
        let names: BTreeSet<_> = parameters.iter().map(|one| (one["in"].as_str(), one["name"].as_str())).collect();
        assert_eq!(names.len(), parameters.len(), "{key:?} has a parameter twice");
    }
    for reference in references(&description) {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn every_change_and_no_other_call_takes_a_reason() {
    let server = TestServer::start().await;
    let description = server.get("/docs/api/openapi.json").await.json();
    for ((path, method), operation) in operations(&description) {
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let described = parameters.filter(|one| one["in"] == "header").any(|one| one["name"] == "Argus-Reason");
        let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let url = parts.collect::<Vec<_>>().join("/");
        let unreadable = with("argus-reason", &"a".repeat(501), json(&method.to_uppercase(), &url, &Value::Null));
        let answer = server.call(with("argus-api-key", &server.directory.admin_key, unreadable)).await;
        let refused = answer.status == 412
            && answer.json().pointer("/messages/0/field").is_some_and(|field| field == "argus-reason");
        assert_eq!(refused, described, "{method} {path}: {}", answer.status);
    }
}

fn references(value: &Value) -> BTreeSet<&str> {
    match value {
        Value::Object(object) => {
            let own = object.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(object.values().flat_map(references)).collect()
        }
        Value::Array(list) => list.iter().flat_map(references).collect(),
        _ => BTreeSet::new(),
    }
}
