//! The versions of a client, and what differs between them.

use super::{call, data, get, put};
use crate::support::{
    directory::{grant, issue_key},
    server::{TestServer, json, with},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

#[tokio::test]
async fn a_moment_without_a_client_is_not_found_and_what_is_no_moment_is_told() {
    let server = TestServer::start().await;
    server.confidential("app").await;
    for path in ["nothing/history", "nothing/history/1", "nothing/diff?from=1", "app/history/9", "app/history/@1"] {
        assert_eq!(get(&server, path).await.status, 404, "{path}");
    }
    for path in [
        "app/history/yesterday",
        "app/history/0",
        "app/history/2020-01-01",
        "app/history/2999-01-01",
        "app/history/@999999",
    ] {
        assert_eq!(get(&server, path).await.status, 404, "{path}");
    }
    for path in [
        "app/diff",
        "app/diff?from=x",
        "app/diff?from=1&to=",
        "app/diff?from=1&more=1",
        "app/history?limit=-1",
        "app/history?x=1",
    ] {
        assert_eq!(get(&server, path).await.status, 412, "{path}");
    }
    assert_eq!(get(&server, "app/diff?from=1&to=9").await.status, 404);
}

#[tokio::test]
async fn who_sees_no_details_sees_no_history() {
    let server = TestServer::start().await;
    server.confidential("app").await;
    let directory = &server.directory;
    grant(&server.idp, directory, directory.bob, "viewOAuthClients", None).await;
    let key = issue_key(&server.idp, directory.bob, &["127.0.0.1"]).await;
    for path in ["history", "history/1", "diff?from=1"] {
        let request = Request::get(format!("{}/app/{path}", super::CLIENTS)).body(Body::empty()).unwrap();
        assert_eq!(server.call(with("argus-api-key", &key, request)).await.status, 403, "{path}");
    }
}

/// Everything that is told of a change to the client, by field.
fn by_field(changes: &Value) -> Value {
    let fields = changes.as_array().unwrap().iter().map(|change| {
        let mut change = change.as_object().unwrap().clone();
        (change.remove("field").unwrap().as_str().unwrap().to_owned(), Value::Object(change))
    });
    Value::Object(fields.collect())
}

#[tokio::test]
async fn every_version_tells_who_when_and_what_and_the_client_is_shown_as_it_was() {
    let server = TestServer::start().await;
    server.confidential("app").await;
    let body = json!({ "name": "Second", "redirectURIs": ["https://app.example/two"], "permittedScopes": ["openid"] });
    data(&put(&server, "app", &body).await);
    data(&put(&server, "app", &json!({ "clientSecret": "quite another secret" })).await);
    let id = data(&get(&server, "app").await)["id"].as_str().unwrap().to_owned();
    let answer = call(&server, json("DELETE", &format!("{}/app", super::CLIENTS), &json!({}))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());

    let answer = get(&server, &format!("{id}/history")).await;
    let versions = data(&answer);
    let told: Vec<_> =
        versions.as_array().unwrap().iter().map(|version| (&version["version"], &version["events"])).collect();
    let expected = [
        (json!(1), json!(["client.defined"])),
        (json!(4), json!(["client.renamed", "client.redirect_uris_changed", "client.permitted_scopes_changed"])),
        (json!(5), json!(["client.secret_rotated"])),
        (json!(6), json!(["client.deleted"])),
    ];
    assert_eq!(told, expected.iter().map(|(version, events)| (version, events)).collect::<Vec<_>>());
    assert_eq!((&versions[0]["actor"], &versions[0]["user"]), (&json!("system:cli"), &Value::Null));
    assert_eq!(versions[1]["actor"], format!("user:{}", server.directory.admin));
    assert_eq!(versions[1]["user"]["userName"], "admin");
    assert_eq!(answer.json()["count"], 4);
    let page = get(&server, &format!("{id}/history?limit=1&offset=2")).await;
    assert_eq!((data(&page)[0]["version"].clone(), page.json()["count"].clone()), (json!(5), json!(4)));

    let first = data(&get(&server, &format!("{id}/history/1")).await);
    assert_eq!((&first["version"], &first["client"]["name"]), (&json!(1), &json!("The Application")));
    assert_eq!(first["client"]["requiredFunction"]["name"], "analyst");
    let at = data(&get(&server, &format!("{id}/history/@{}", versions[1]["position"])).await);
    assert_eq!((&at["version"], &at["client"]["name"]), (&json!(4), &json!("Second")));
    let last = data(&get(&server, &format!("{id}/history/6")).await);
    assert!(last["client"]["flags"].as_array().unwrap().contains(&json!("deleted")));

    let changes = by_field(&data(&get(&server, &format!("{id}/diff?from=1&to=5")).await));
    let expected = json!({
        "name": { "from": "The Application", "to": "Second" },
        "redirectURIs": { "added": ["https://app.example/two"], "removed": ["https://app.example/callback"] },
        "permittedScopes": { "from": null, "to": ["openid"] },
        "clientSecret": { "changed": true },
    });
    assert_eq!(changes, expected);
    let back = by_field(&data(&get(&server, &format!("{id}/diff?from=6&to=5")).await));
    assert_eq!(back, json!({ "flags": { "added": [], "removed": ["deleted"] } }));
    assert_eq!(data(&get(&server, &format!("{id}/diff?from=6")).await), json!([]));
    for path in ["history", "history/5", "diff?from=1"] {
        let told = get(&server, &format!("{id}/{path}")).await.text();
        assert!(!told.contains("sha256") && !told.contains("argon2"), "{told}");
    }
}
