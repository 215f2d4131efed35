//! Authentication events: who signed in, who did not, and who may know.

use super::{by, by_key, data, fields};
use crate::support::{
    directory,
    server::{TestServer, json as json_request},
};
use serde_json::{Value, json};

const OWN: &str = "/authentication/v1/events";
const OF_ALICE: &str = "/authentication/v1/user/alice/events";
const OF_CUSTOMERS: &str = "/authentication/v1/customer/events";

/// Alice fails and gets in, bob gets in, an unknown one fails, alice is blocked and let in again.
async fn story(server: &TestServer) {
    let wrong = |user: &str| {
        let body = json!({ "userName": user, "password": "not the password" });
        json_request("POST", "/authentication/v1/password/authentication", &body)
    };
    let alice = server.alice().at("203.0.113.9");
    server.call(wrong("alice")).await;
    server.wait(1);
    alice.sign_in().await;
    server.wait(1);
    server.bob().sign_in().await;
    server.call(wrong("nobody")).await;
    let admin = &server.directory.admin_key;
    for what in ["block", "unblock"] {
        server.wait(1);
        let path = format!("/authentication/v1/user/alice/{what}");
        assert_eq!(by_key(server, admin, "PUT", &path, &Value::Null).await.status, 200);
    }
    server.wait(1);
    server.audit().await;
}

fn told(answer: &crate::support::server::Answer) -> Vec<String> {
    let events = data(answer);
    let text = |event: &Value, key: &str| event[key].as_str().unwrap_or("-").to_owned();
    let user = |event: &Value| event["user"]["shortName"].as_str().unwrap_or("-").to_owned();
    events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| format!("{} {} {}", user(event), text(event, "action"), text(event, "result")))
        .collect()
}

#[tokio::test]
async fn who_may_not_see_the_trail_sees_no_events_of_others() {
    let server = TestServer::start().await;
    story(&server).await;
    let (bob, audrey) = (server.bob(), server.audrey());
    bob.sign_in().await;
    audrey.sign_in().await;
    for path in [OWN, OF_ALICE, OF_CUSTOMERS] {
        assert_eq!(server.get(path).await.status, 401);
    }
    for path in [OF_ALICE, OF_CUSTOMERS] {
        assert_eq!(by(&bob, "GET", path, &Value::Null).await.status, 403);
    }
    assert_eq!(by(&audrey, "GET", OF_ALICE, &Value::Null).await.status, 403, "an auditor does not view users");
    directory::grant(&server.idp, &server.directory, audrey.id, "viewUsers", Some("acme")).await;
    assert_eq!(by(&audrey, "GET", OF_ALICE, &Value::Null).await.status, 200);
    assert_eq!(by(&audrey, "GET", "/authentication/v1/user/bob/events", &Value::Null).await.status, 404);
    directory::grant(&server.idp, &server.directory, bob.id, "viewUsers", Some("acme")).await;
    assert_eq!(by(&bob, "GET", OF_ALICE, &Value::Null).await.status, 403, "who views users does not see the trail");
}

#[tokio::test]
async fn a_bad_query_is_refused() {
    let server = TestServer::start().await;
    let admin = &server.directory.admin_key;
    for path in [OWN, OF_ALICE, OF_CUSTOMERS] {
        for (query, bad) in [
            ("limit=-1", "limit"),
            ("limit=1001", "limit"),
            ("offset=-1", "offset"),
            ("startTimestamp=yesterday", "startTimestamp"),
            ("endTimestamp=-1", "endTimestamp"),
            ("user=bob", "user"),
        ] {
            let answer = by_key(&server, admin, "GET", &format!("{path}?{query}"), &Value::Null).await;
            assert_eq!(fields(&answer), [bad], "{path}?{query}");
        }
    }
    let elsewhere = format!("{OF_CUSTOMERS}?domain=elsewhere");
    assert_eq!(fields(&by_key(&server, admin, "GET", &elsewhere, &Value::Null).await), ["domain"]);
}

#[tokio::test]
async fn a_user_sees_their_own_events_the_latest_first() {
    let server = TestServer::start().await;
    story(&server).await;
    let alice = server.alice();
    alice.sign_in().await;
    server.audit().await;
    let answer = by(&alice, "GET", OWN, &Value::Null).await;
    assert_eq!(
        told(&answer),
        [
            "alice login success",
            "alice userUnblocked success",
            "alice userBlocked success",
            "alice login success",
            "alice login failure",
        ]
    );
    assert_eq!((&answer.json()["count"], &answer.json()["limit"]), (&json!(5), &json!(25)));
    let events = data(&answer);
    let (first, failed) = (&events[3], &events[4]);
    assert_eq!((&first["authenticationMethod"], &first["ip"]), (&json!("password"), &json!("203.0.113.9")));
    assert_eq!((&first["customer"]["shortName"], &first["message"]), (&json!("acme"), &json!("signed in")));
    assert_eq!((&failed["message"], &failed["authenticationMethod"]), (&json!("wrong password"), &Value::Null));
    assert!(first["id"].as_str().unwrap().parse::<uuid::Uuid>().is_ok_and(|id| id.get_version_num() == 8));
    let page = by(&alice, "GET", &format!("{OWN}?limit=2&offset=3"), &Value::Null).await;
    assert_eq!((data(&page), &page.json()["count"]), (json!([first, failed]), &json!(5)));
    let (since, until) = (first["timestamp"].as_i64().unwrap(), failed["timestamp"].as_i64().unwrap());
    let at = by(&alice, "GET", &format!("{OWN}?startTimestamp={since}&endTimestamp={since}"), &Value::Null).await;
    assert_eq!(data(&at), json!([first]));
    let before = by(&alice, "GET", &format!("{OWN}?endTimestamp={until}"), &Value::Null).await;
    assert_eq!(data(&before), json!([failed]));
}

#[tokio::test]
async fn an_auditor_sees_the_events_of_the_own_customers() {
    let server = TestServer::start().await;
    story(&server).await;
    let audrey = server.audrey();
    audrey.sign_in().await;
    server.audit().await;
    let seen = told(&by(&audrey, "GET", OF_CUSTOMERS, &Value::Null).await);
    assert!(seen.iter().all(|event| event.starts_with("alice") || event.starts_with("audrey")), "{seen:?}");
    assert_eq!(seen.len(), 5);
    for (query, count) in
        [("customer=acme", 5), ("customer=globex", 0), ("customer=nowhere", 0), ("customer=nowhere&customer=acme", 5)]
    {
        let answer = by(&audrey, "GET", &format!("{OF_CUSTOMERS}?{query}"), &Value::Null).await;
        assert_eq!(told(&answer).len(), count, "{query}");
    }
    let admin = &server.directory.admin_key;
    let all = told(&by_key(&server, admin, "GET", OF_CUSTOMERS, &Value::Null).await);
    assert!(all.contains(&"bob login success".to_owned()) && all.contains(&"- login failure".to_owned()), "{all:?}");
    let globex = told(&by_key(&server, admin, "GET", &format!("{OF_CUSTOMERS}?customer=globex"), &Value::Null).await);
    assert_eq!(globex, ["bob login success"]);
}
