//! Several administrators change the same object at the same time, at two servers: every change is kept, and whoever said which
//! version they had seen changes that version or nothing.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    node::{Node, World, world},
    party::{define, definition, http},
};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Map, Value, json};

const CLIENT: &str = "/authentication/v1/oauth/client/edited";
const AT_ONCE: usize = 12;

async fn call(world: &World, node: &Node, (method, path): (Method, &str), body: &Value) -> (u16, Value) {
    let request = http().request(method, format!("{}{path}", node.url)).json(body);
    let answer = request.header("Argus-API-Key", world.directory.admin_key.as_str()).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn shown(world: &World, node: &Node, path: &str) -> Map<String, Value> {
    let (status, body) = call(world, node, (Method::GET, path), &json!({})).await;
    assert_eq!(status, 200, "{body}");
    body["data"].as_object().unwrap().clone()
}

/// Each change by a request of its own, in turn at one server and the other; the statuses.
async fn at_once(world: &World, nodes: &[Node; 2], path: &str, changes: &[Value]) -> Vec<u16> {
    let changes = changes.iter().enumerate();
    join_all(changes.map(|(n, change)| async move { call(world, &nodes[n % 2], (Method::PUT, path), change).await.0 }))
        .await
}

/// Two servers on one database, and a client.
async fn stage() -> (World, [Node; 2]) {
    let (world, node) = world().await;
    let nodes = [world.node().await, node];
    assert_eq!(define(&nodes[0], &world.directory.admin_key, &definition("edited", None)).await.status, 201);
    (world, nodes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_of_different_fields_at_once_are_all_kept() {
    let (world, nodes) = stage().await;
    for (path, fields) in [
        (
            CLIENT,
            json!({
                "name": "Renamed", "description": "Changed", "mainURI": "https://other.example/",
                "redirectURIs": ["https://other.example/cb"], "clientIPRange": ["127.0.0.0/16"],
                "permittedScopes": ["openid"],
            }),
        ),
        (
            "/useradmin/v2/user/alice",
            json!({
                "name": "Alice Pleasance", "email": "other@mail.example", "phoneNumber": "+4722000077",
                "description": "Reads",
            }),
        ),
        ("/useradmin/v2/group/acme-analysts", json!({ "name": "Readers", "description": "They read" })),
        ("/customeradmin/v2/customer/acme", json!({ "name": "Acme Incorporated" })),
    ] {
        let fields = fields.as_object().unwrap();
        let changes: Vec<_> = fields.iter().map(|(name, value)| json!({ name: value })).collect();
        let statuses = at_once(&world, &nodes, path, &changes).await;
        assert!(statuses.iter().all(|status| *status == 200), "{path}: {statuses:?}");
        for node in &nodes {
            let shown = shown(&world, node, path).await;
            for (name, value) in fields {
                assert_eq!(shown.get(name), Some(value), "{path}: {name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_of_one_field_at_once_come_one_after_the_other() {
    let (world, nodes) = stage().await;
    for path in
        [CLIENT, "/useradmin/v2/user/alice", "/useradmin/v2/group/acme-analysts", "/customeradmin/v2/customer/acme"]
    {
        let count = "SELECT count(*) FROM events";
        let mut owner = world.at.owner().await;
        let before: i64 = sqlx::query_scalar(count).fetch_one(&mut owner).await.unwrap();
        let names: Vec<_> = (0..AT_ONCE).map(|n| format!("Name {n}")).collect();
        let changes: Vec<_> = names.iter().map(|name| json!({ "name": name })).collect();
        assert_eq!(at_once(&world, &nodes, path, &changes).await, [200; AT_ONCE], "{path}");
        let after: i64 = sqlx::query_scalar(count).fetch_one(&mut owner).await.unwrap();
        assert_eq!(usize::try_from(after - before), Ok(AT_ONCE), "{path}: each is recorded");
        let (first, second) = (shown(&world, &nodes[0], path).await, shown(&world, &nodes[1], path).await);
        assert_eq!(first, second, "{path}");
        assert!(names.iter().any(|name| first["name"] == name.as_str()), "{path}: {}", first["name"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_have_seen_the_same_version_one_changes_it() {
    let (world, nodes) = stage().await;
    for _ in 0..3 {
        let version = shown(&world, &nodes[0], CLIENT).await["version"].clone();
        let changes: Vec<_> = (0..AT_ONCE).map(|n| json!({ "name": format!("{version} by {n}") })).collect();
        let path = format!("{CLIENT}?expectVersion={version}");
        let statuses = at_once(&world, &nodes, &path, &changes).await;
        let count = |wanted| statuses.iter().filter(|status| **status == wanted).count();
        assert_eq!((count(200), count(412)), (1, AT_ONCE - 1), "{statuses:?}");
        let winner = statuses.iter().position(|status| *status == 200).unwrap();
        assert_eq!(shown(&world, &nodes[1], CLIENT).await["name"], changes[winner]["name"]);
    }
}
