//! Sessions that may do less than their user, and the end of one's own and of other people's sessions.

use crate::support::{
    directory,
    people::Person,
    server::{Answer, TestServer, from, json as json_request, with},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const CONSTRAIN: &str = "/authentication/v1/session/constrain";

fn request(method: &str, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

fn bearer(token: &str, request: Request<Body>) -> Request<Body> {
    with("authorization", &format!("Bearer {token}"), request)
}

async fn constrain(server: &TestServer, token: &str, body: &Value) -> Answer {
    server.call(bearer(token, json_request("POST", CONSTRAIN, body))).await
}

async fn narrowed(server: &TestServer, token: &str, body: &Value) -> String {
    let answer = constrain(server, token, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["data"]["credentials"]["requestCredentialsData"].as_str().unwrap().to_owned()
}

async fn signed_in(person: &Person) -> String {
    person.sign_in().await;
    person.session_token()
}

async fn status(server: &TestServer, token: &str, method: &str, path: &str) -> u16 {
    server.call(bearer(token, request(method, path))).await.status
}

/// The status of asking whether the session may do something.
async fn may(server: &TestServer, token: &str, what: &str) -> u16 {
    status(server, token, "GET", &format!("/authentication/v1/session/permission/{what}")).await
}

async fn names(server: &TestServer, token: &str, path: &str, key: &str) -> Vec<String> {
    let answer = server.call(bearer(token, request("GET", path))).await;
    let body = answer.json();
    assert_eq!((answer.status, &body["count"]), (200, &body["size"]), "{}", answer.text());
    body["data"].as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn nothing_but_a_session_of_ones_own_is_narrowed() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let body = json!({ "readOnly": true });
    let before = server.count_events().await;
    assert_eq!(server.call(json_request("POST", CONSTRAIN, &body)).await.status, 401);
    assert_eq!(constrain(&server, "alice/x", &body).await.status, 401);
    let key = with("argus-api-key", &server.directory.admin_key, json_request("POST", CONSTRAIN, &body));
    assert_eq!(server.call(key).await.status, 403);
    assert_eq!(server.count_events().await, before);
    let tokens = rp.tokens_for(&alice).await;
    assert_eq!(constrain(&server, &tokens.access, &body).await.status, 403);
}

#[tokio::test]
async fn a_list_that_is_empty_or_names_nothing_is_refused() {
    let server = TestServer::start().await;
    let token = signed_in(&server.alice()).await;
    let before = server.count_events().await;
    for (body, field) in [
        (json!({ "function": [] }), "function"),
        (json!({ "functionID": [], "customer": ["acme"] }), "function"),
        (json!({ "customer": [] }), "customer"),
        (json!({ "function": ["nothing"] }), "function"),
        (json!({ "functionID": [99_999] }), "function"),
        (json!({ "customer": ["nowhere"] }), "customer"),
        (json!({ "customerID": [true] }), "customerID[0]"),
        (json!({ "function": "analyst" }), "function"),
        (json!({ "function": null }), "function"),
        (json!({ "readOnly": "yes" }), "readOnly"),
        (json!({ "level": "administrative" }), "level"),
    ] {
        let answer = constrain(&server, &token, &body).await;
        assert_eq!((answer.status, &answer.json()["messages"][0]["field"]), (412, &json!(field)), "{body}");
    }
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn a_narrowed_session_does_what_is_left_and_gains_nothing_by_naming_more() {
    let server = TestServer::start().await;
    let admin = signed_in(&server.admin()).await;
    let viewer = narrowed(&server, &admin, &json!({ "function": ["viewUsers"], "customer": ["acme"] })).await;
    for (what, expected) in [
        ("viewUsers", 200),
        ("viewUsers/acme", 200),
        ("viewUsers/globex", 403),
        ("manageUsers", 403),
        ("manageUsers/acme", 403),
        ("nothing", 404),
        ("viewUsers/nowhere", 403),
    ] {
        assert_eq!(may(&server, &viewer, what).await, expected, "{what}");
    }
    assert_eq!(names(&server, &viewer, "/authentication/v1/session/function", "name").await, ["viewUsers"]);
    assert_eq!(names(&server, &viewer, "/authentication/v1/session/customer", "shortName").await, ["acme"]);
    // Narrower still, and never wider.
    let wider = json!({ "function": ["administrator"], "customer": ["acme", "globex"] });
    let still = narrowed(&server, &viewer, &wider).await;
    assert_eq!((may(&server, &still, "manageUsers").await, may(&server, &still, "viewUsers/globex").await), (403, 403));
    assert_eq!(may(&server, &still, "viewUsers/acme").await, 200);
    let alice = signed_in(&server.alice()).await;
    let hopeful = narrowed(&server, &alice, &json!({ "function": ["administrator"] })).await;
    assert_eq!(may(&server, &hopeful, "manageUsers").await, 403);
}

#[tokio::test]
async fn a_read_only_session_changes_nothing_but_may_leave() {
    let server = TestServer::start().await;
    let admin = signed_in(&server.admin()).await;
    let reader = narrowed(&server, &admin, &json!({ "readOnly": true })).await;
    let session = server.call(bearer(&reader, request("GET", "/authentication/v1/session"))).await.json();
    assert_eq!(session["data"]["readOnly"], true);
    assert_eq!(status(&server, &reader, "GET", "/authentication/v1/oauth/client").await, 200);
    let define = bearer(&reader, json_request("POST", "/authentication/v1/oauth/client", &json!({})));
    assert_eq!(server.call(define).await.status, 403);
    let still = narrowed(&server, &reader, &json!({ "readOnly": false })).await;
    let define = bearer(&still, json_request("POST", "/authentication/v1/oauth/client", &json!({})));
    assert_eq!(server.call(define).await.status, 403, "narrowing does not give back");
    assert_eq!(status(&server, &reader, "DELETE", "/authentication/v1/session").await, 200);
    assert_eq!(status(&server, &reader, "GET", "/authentication/v1/session").await, 401);
    assert_eq!(status(&server, &admin, "GET", "/authentication/v1/session").await, 200, "the other one goes on");
}

#[tokio::test]
async fn a_client_that_was_authorized_in_a_narrowed_session_is_narrowed_with_it() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let alice = server.alice();
    let whole = signed_in(&alice).await;
    // Without the required function there is no code.
    alice.keep(crate::support::people::SESSION, &narrowed(&server, &whole, &json!({ "function": ["traffic"] })).await);
    assert_eq!(alice.get(&rp.authorize_url(&[])).await.location_parameter("error").as_deref(), Some("access_denied"));
    alice.keep(crate::support::people::SESSION, &narrowed(&server, &whole, &json!({ "readOnly": true })).await);
    let code = rp.authorize(&alice).await;
    let tokens = rp.redeem(&code).await;
    let session = server.call(bearer(&tokens.access, request("GET", "/authentication/v1/session"))).await.json();
    assert_eq!((&session["data"]["readOnly"], &session["data"]["securityLevel"]), (&json!(true), &json!("EXTERNAL")));
    assert_eq!(status(&server, &whole, "DELETE", "/authentication/v1/session").await, 200);
    assert!(!rp.is_active(&tokens.access).await, "it ends with the session that the narrowed one was made from");
}

#[tokio::test]
async fn a_narrowed_session_ends_with_each_that_it_was_made_from() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let first = signed_in(&alice).await;
    let second = narrowed(&server, &first, &json!({ "customer": ["acme"] })).await;
    let third = narrowed(&server, &second, &json!({ "readOnly": true })).await;
    assert_eq!(status(&server, &second, "DELETE", "/authentication/v1/session").await, 200);
    for (token, expected) in [(&first, 200), (&second, 401), (&third, 401)] {
        assert_eq!(status(&server, token, "GET", "/authentication/v1/session").await, expected);
    }
    let again = narrowed(&server, &first, &json!({ "readOnly": true })).await;
    alice.sign_out().await;
    assert_eq!(status(&server, &again, "GET", "/authentication/v1/session").await, 401);
}

#[tokio::test]
async fn nobody_ends_a_session_that_is_not_theirs_to_end() {
    let server = TestServer::start().await;
    let (alice, admin) = (signed_in(&server.alice()).await, signed_in(&server.admin()).await);
    let listed = server.call(bearer(&alice, request("GET", "/authentication/v1/sessions"))).await.json();
    let id = listed["data"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/authentication/v1/session/{id}");
    let bob = signed_in(&server.bob()).await;
    assert_eq!(server.call(request("DELETE", &path)).await.status, 401);
    assert_eq!(status(&server, &bob, "DELETE", &path).await, 404);
    assert_eq!(
        status(&server, &bob, "DELETE", "/authentication/v1/session/0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001").await,
        404
    );
    assert_eq!(status(&server, &bob, "DELETE", "/authentication/v1/session/nothing").await, 404);
    for method in ["GET", "DELETE"] {
        assert_eq!(status(&server, &bob, method, "/authentication/v1/user/alice/sessions").await, 404);
        assert_eq!(status(&server, &admin, method, "/authentication/v1/user/nobody/sessions").await, 404);
        let elsewhere = "/authentication/v1/user/alice/sessions?domain=nowhere";
        assert_eq!(status(&server, &admin, method, elsewhere).await, 404);
    }
    let narrow = narrowed(&server, &alice, &json!({ "customer": ["acme"] })).await;
    assert_eq!(status(&server, &narrow, "GET", "/authentication/v1/sessions").await, 403);
    assert_eq!(status(&server, &narrow, "DELETE", &path).await, 403);
    assert_eq!(status(&server, &alice, "GET", "/authentication/v1/session").await, 200);
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions() {
    let server = TestServer::start().await;
    let (here, there) = (server.alice(), server.alice().at("203.0.113.9"));
    let first = signed_in(&here).await;
    server.wait(1);
    let second = signed_in(&there).await;
    let listed = server.call(bearer(&first, request("GET", "/authentication/v1/sessions"))).await.json();
    let rows = listed["data"].as_array().unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row["current"].clone(), row["clientIP"].clone())).collect();
    assert_eq!(seen, [(json!(false), json!("203.0.113.9")), (json!(true), json!("127.0.0.1"))]);
    let path = format!("/authentication/v1/session/{}", rows[0]["id"].as_str().unwrap());
    assert_eq!(status(&server, &first, "DELETE", &path).await, 200);
    assert_eq!(status(&server, &first, "DELETE", &path).await, 404, "it is over");
    let ended = server.call(from("203.0.113.9", bearer(&second, request("GET", "/authentication/v1/session")))).await;
    assert_eq!(ended.status, 401);
    assert!(server.audit().await.iter().any(|row| row["reason"] == "ended_by_user"));
}

#[tokio::test]
async fn an_administrator_ends_everything_of_a_user_in_one_append() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let (session, admin) = (alice.session_token(), signed_in(&server.admin()).await);
    let narrow = narrowed(&server, &session, &json!({ "readOnly": true })).await;
    let path = "/authentication/v1/user/alice/sessions";
    let listed = server.call(bearer(&admin, request("GET", path))).await.json();
    assert_eq!(listed["count"], 2);
    let before = server.count_events().await;
    let answer = server.call(bearer(&admin, request("DELETE", path))).await;
    assert_eq!((answer.status, &answer.json()["data"]["sessionsDeleted"]), (200, &json!(2)));
    assert_eq!(server.count_events().await, before + 1);
    for token in [&session, &narrow] {
        assert_eq!(status(&server, token, "GET", "/authentication/v1/session").await, 401);
    }
    assert!(!rp.is_active(&tokens.access).await);
    assert_eq!(rp.try_refresh(&tokens.refresh).await.status, 400);
    assert_eq!(server.call(bearer(&admin, request("GET", path))).await.json()["count"], 0);
    signed_in(&server.alice()).await;
    let auditor = server.directory.audrey;
    directory::grant(&server.idp, &server.directory, auditor, "manageSessions", Some("globex")).await;
    let audrey = signed_in(&server.audrey()).await;
    assert_eq!(status(&server, &audrey, "DELETE", path).await, 404, "another customer's");
}

#[tokio::test]
async fn it_learns_of_its_user_what_lies_within_its_bounds() {
    let server = TestServer::start().await;
    let token = signed_in(&server.alice()).await;
    let acme = narrowed(&server, &token, &json!({ "customer": ["acme"] })).await;
    let globex = narrowed(&server, &token, &json!({ "function": ["analyst"], "customer": ["globex"] })).await;
    for (token, groups, permissions) in [
        (&token, vec!["acme-analysts", "globex-friends"], 1),
        (&acme, vec!["acme-analysts"], 1),
        (&globex, vec!["globex-friends"], 0),
    ] {
        assert_eq!(names(&server, token, "/currentuser/v1/groups?includeAncestors=true", "name").await, groups);
        let user = server.call(bearer(token, request("GET", "/currentuser/v1/user"))).await.json();
        assert_eq!(user["data"]["ascendantIDs"].as_array().unwrap().len(), groups.len());
        let granted = server.call(bearer(token, request("GET", "/currentuser/v1/permissions"))).await.json();
        assert_eq!((&granted["count"], &granted["size"]), (&json!(permissions), &json!(permissions)), "{granted}");
    }
    assert_eq!(status(&server, &acme, "GET", "/authentication/v1/events").await, 403);
    assert_eq!(status(&server, &token, "GET", "/authentication/v1/events").await, 200);
}

/// An administrator of everything whose session is kept to a function at a customer was granted none of that as such.
#[tokio::test]
async fn a_permission_that_goes_beyond_the_bounds_is_not_told() {
    let server = TestServer::start().await;
    let token = signed_in(&server.admin()).await;
    let body = json!({ "function": ["viewUsers"], "customer": ["acme"] });
    let narrow = narrowed(&server, &token, &body).await;
    let permissions = "/currentuser/v1/permissions";
    assert!(
        !server.call(bearer(&token, request("GET", permissions))).await.json()["data"].as_array().unwrap().is_empty()
    );
    assert_eq!(server.call(bearer(&narrow, request("GET", permissions))).await.json()["data"], json!([]));
}
