//! What real credentials are refused is in the trail: what is not permitted, and what comes from an address that is not its own.

use crate::support::{
    directory,
    people::Person,
    server::{Answer, TestServer, from, json as json_request, with},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{sleep, timeout};

const ELSEWHERE: &str = "203.0.113.9";
const SESSION: &str = "/authentication/v1/session";

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn bearer(token: &str, request: Request<Body>) -> Request<Body> {
    with("authorization", &format!("Bearer {token}"), request)
}

async fn signed_in(person: &Person) -> String {
    person.sign_in().await;
    person.session_token()
}

/// The refused calls of the trail, once there are so many.
async fn refused(server: &TestServer, count: usize) -> Vec<Value> {
    let enough = async {
        loop {
            let rows: Vec<_> = server.audit().await.into_iter().filter(|row| row["action"] == "call.refused").collect();
            if rows.len() >= count {
                return rows;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(20), enough).await.unwrap()
}

fn said<'a>(row: &'a Value, keys: &[&str]) -> Vec<&'a Value> {
    keys.iter().map(|key| &row[key]).collect()
}

#[tokio::test]
async fn what_an_administrator_of_others_is_denied_is_recorded_with_who_what_and_from_where() {
    let server = TestServer::start().await;
    let bob = signed_in(&server.bob()).await;
    let body = json!({ "shortName": "made", "name": "Made", "customer": "acme" });
    let request = bearer(&bob, json_request("POST", "/useradmin/v2/group", &body));
    assert_eq!(server.call(request).await.status, 403);
    let [row] = refused(&server, 1).await.try_into().unwrap();
    let user = server.directory.bob;
    assert_eq!(
        said(&row, &["outcome", "reason", "step", "count", "actor", "user_id", "customer_id", "ip"]),
        [
            &json!("refused"),
            &json!("not_permitted"),
            &json!("POST /useradmin/v2/group"),
            &json!(1),
            &json!(format!("user:{user}")),
            &json!(user),
            &json!(server.directory.globex),
            &json!("127.0.0.1"),
        ]
    );
    assert!(!row["session_id"].is_null() && !row["request_id"].is_null());
}

#[tokio::test]
async fn what_a_client_is_denied_is_recorded_with_its_grant() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let token = rp.tokens_for(&alice).await.access;
    assert_eq!(server.call(bearer(&token, get("/useradmin/v2/user/alice"))).await.status, 403);
    let [row] = refused(&server, 1).await.try_into().unwrap();
    assert_eq!(row["step"], "GET /useradmin/v2/user/{shortNameOrID}");
    assert_eq!((&row["client_id"], &row["user_id"]), (&json!(rp.id), &json!(alice.id)));
}

#[tokio::test]
async fn a_right_key_from_a_foreign_address_is_refused_like_an_unknown_one_and_recorded() {
    let server = TestServer::start().await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.1"]).await;
    let ask = |key: String| from(ELSEWHERE, with("argus-api-key", &key, get(SESSION)));
    let unknown = server.call(ask("zzz/zz/nothing".to_owned())).await;
    let wrong = server.call(ask(format!("{}x", key.as_str()))).await;
    let foreign = server.call(ask(key.to_string())).await;
    assert_eq!((foreign.status, &foreign.body), (401, &unknown.body));
    assert_eq!((wrong.status, &wrong.body), (401, &unknown.body));
    let [row] = refused(&server, 1).await.try_into().unwrap();
    assert_eq!(
        said(&row, &["reason", "step", "actor", "user_id", "ip"]),
        [
            &json!("address_not_the_keys"),
            &json!("GET /authentication/v1/session"),
            &json!("anonymous"),
            &json!(server.directory.alice),
            &json!(ELSEWHERE),
        ]
    );
}

#[tokio::test]
async fn a_right_session_token_from_another_address_is_refused_and_recorded_at_pages_too() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let token = signed_in(&alice).await;
    let stolen = |request| from(ELSEWHERE, request);
    let nothing = server.call(stolen(get(SESSION))).await;
    let foreign = server.call(stolen(bearer(&token, get(SESSION)))).await;
    assert_eq!((foreign.status, &foreign.body), (401, &nothing.body));
    let page: Answer = server.call(stolen(with("cookie", &format!("argus_session={token}"), get("/")))).await;
    assert!(page.location().starts_with("/login"));
    let rows = refused(&server, 2).await;
    let mut calls: Vec<_> = rows.iter().map(|row| row["step"].as_str().unwrap()).collect();
    calls.sort_unstable();
    assert_eq!(calls, ["GET /", "GET /authentication/v1/session"]);
    for row in &rows {
        assert_eq!(
            said(row, &["reason", "actor", "user_id", "ip"]),
            [&json!("address_not_the_sessions"), &json!("anonymous"), &json!(alice.id), &json!(ELSEWHERE)]
        );
    }
    assert_eq!(server.call(bearer(&token, get(SESSION))).await.status, 200, "it goes on where it belongs");
}

#[tokio::test]
async fn to_ask_whether_one_may_is_no_attempt() {
    let server = TestServer::start().await;
    let bob = signed_in(&server.bob()).await;
    for path in
        ["session/permission/viewUsers", "session/permission/viewUsers/acme", "session/permission/viewUsers/nowhere"]
    {
        assert_eq!(server.call(bearer(&bob, get(&format!("/authentication/v1/{path}")))).await.status, 403);
    }
    assert_eq!(server.call(bearer(&bob, get("/useradmin/v2/user/alice"))).await.status, 403);
    let rows = refused(&server, 1).await;
    assert_eq!((rows.len(), &rows[0]["step"]), (1, &json!("GET /useradmin/v2/user/{shortNameOrID}")));
}

#[tokio::test]
async fn a_flood_of_denied_calls_is_one_entry_with_a_count() {
    let server = TestServer::start().await;
    let bob = signed_in(&server.bob()).await;
    for number in 0..25 {
        let path = if number % 2 == 0 { "/useradmin/v2/user/alice" } else { "/audit/v1/entries" };
        assert_eq!(server.call(bearer(&bob, get(path))).await.status, 403);
    }
    assert_eq!(refused(&server, 10).await.len(), 10);
    server.wait(61);
    assert_eq!(server.call(bearer(&bob, get("/audit/v1/entries"))).await.status, 403);
    let rows = refused(&server, 12).await;
    let mut counts: Vec<_> = rows.iter().map(|row| row["count"].as_i64().unwrap()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [vec![1; 11], vec![15]].concat());
}
