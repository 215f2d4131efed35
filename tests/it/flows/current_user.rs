//! What callers learn of themselves.

use crate::support::{
    directory,
    server::{HOME, TestServer, with},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

fn asking(credential: (&'static str, &str), path: &str) -> Request<Body> {
    let path = format!("/currentuser/v1/{path}");
    with(credential.0, credential.1, Request::get(path).body(Body::empty()).unwrap())
}

fn column<'a>(body: &'a Value, key: &str) -> Vec<&'a str> {
    body["data"].as_array().unwrap().iter().map(|row| row[key].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_refused() {
    let server = TestServer::start().await;
    let key = ("argus-api-key", server.directory.admin_key.as_str());
    for (path, field) in [
        ("groups?includeAncestors=maybe", "includeAncestors"),
        ("groups?limit=-1", "limit"),
        ("groups?limit=1&limit=2", "limit"),
        ("groups?keyword=x", "keyword"),
        ("customers?offset=x", "offset"),
        ("functions?onlyRoles=1", "onlyRoles"),
        ("functions?requirePermission=false", "requirePermission"),
        ("functions?maxSecurityLevel=highest", "maxSecurityLevel"),
    ] {
        let answer = server.call(asking(key, path)).await;
        assert_eq!((answer.status, &answer.json()["messages"][0]["field"]), (412, &json!(field)), "{path}");
    }
    for path in ["user", "groups", "customers", "functions", "permission/viewUsers/acme"] {
        assert_eq!(server.get(&format!("/currentuser/v1/{path}")).await.status, 401);
    }
}

#[tokio::test]
async fn people_see_their_own_profile_and_their_clients_do_not() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let session = format!("Bearer {}", alice.session_token());
    let own = server.call(asking(("authorization", &session), "user")).await.json()["data"].clone();
    assert_eq!((&own["userName"], &own["name"]), (&json!("alice"), &json!("Alice Liddell")));
    assert_eq!((&own["email"], &own["mobile"]), (&json!("alice@mail.example"), &json!("+4722000001")));
    assert_eq!((&own["customer"]["shortName"], &own["flags"]), (&json!("acme"), &json!(["AUTH_LOCAL"])));
    assert_eq!(own["ascendantIDs"].as_array().unwrap().len(), 2);
    assert!(own["imageURL"].as_str().unwrap().ends_with(&format!("/users/v2/user/{}/picture", alice.id)));
    let delegated = format!("Bearer {}", tokens.access);
    let seen = server.call(asking(("authorization", &delegated), "user")).await.json()["data"].clone();
    assert_eq!((&seen["userName"], &seen["email"], &seen["mobile"]), (&json!("alice"), &Value::Null, &Value::Null));
    let methods = |body: &Value| body["data"][0]["lastLoginIP"].clone();
    for (token, address) in [(&session, json!(HOME.to_string())), (&delegated, Value::Null)] {
        let ask = |path| server.call(with("authorization", token, Request::get(path).body(Body::empty()).unwrap()));
        assert_eq!(ask("/authentication/v1/session").await.json()["data"]["clientIP"], address);
        assert_eq!(methods(&ask("/authentication/v1/session/authmethods").await.json()), address);
        let events = ask("/authentication/v1/events").await.status;
        assert_eq!(events, if address.is_null() { 403 } else { 200 });
    }
}

#[tokio::test]
async fn groups_customers_and_functions_come_in_pages() {
    let server = TestServer::start().await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.1"]).await;
    let alice = ("argus-api-key", key.as_str());
    let groups = server.call(asking(alice, "groups")).await.json();
    assert_eq!((column(&groups, "name"), &groups["count"]), (vec!["acme-analysts", "globex-friends"], &json!(2)));
    let page = server.call(asking(alice, "groups?limit=1&offset=1&includeAncestors=True")).await.json();
    assert_eq!((column(&page, "name"), &page["count"], &page["size"]), (vec!["globex-friends"], &json!(2), &json!(1)));
    let customers = server.call(asking(alice, "customers")).await.json();
    assert_eq!(column(&customers, "shortName"), ["acme"]);
    let admin = ("argus-api-key", server.directory.admin_key.as_str());
    let found = server.call(asking(admin, "customers?keywords=GLOBEX&requiredFunction=viewUsers")).await.json();
    assert_eq!(column(&found, "shortName"), ["globex"]);
    let none = server.call(asking(alice, "customers?requiredFunction=viewUsers")).await.json();
    assert_eq!((column(&none, "shortName"), &none["count"]), (vec![], &json!(0)));
    let functions = server.call(asking(alice, "functions")).await.json();
    assert_eq!(column(&functions, "name"), ["customerUser", "analyst"]);
    let roles = server.call(asking(admin, "functions?onlyRoles=true&keywords=audit&limit=10")).await.json();
    assert_eq!(column(&roles, "name"), ["auditor"]);
    assert_eq!(server.call(asking(alice, "permission/analyst/acme")).await.status, 200);
    assert_eq!(server.call(asking(alice, "permission/analyst/globex")).await.status, 403);
}
