//! When and from where a key was last used: beside the log, and beside the requests.

use super::{KEYS, by, data};
use crate::support::{
    directory,
    server::{TestServer, from, with},
};
use argus::directory::api_keys;
use axum::{body::Body, http::Request};
use serde_json::Value;

#[tokio::test]
async fn the_last_use_of_a_key_is_told_and_no_event() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let key = directory::issue_key(&server.idp, alice.id, &["192.0.2.0/24"]).await;
    let used = |address: &str| {
        let asking = Request::get("/authentication/v1/session").body(Body::empty()).unwrap();
        server.call(from(address, with("argus-api-key", &key, asking)))
    };
    let told = async || data(&by(&alice, "GET", KEYS, &Value::Null).await)["keys"][0].clone();
    let before = server.count_events().await;
    assert_eq!(used("198.51.100.1").await.status, 401);
    api_keys::flush(&server.idp).await;
    assert_eq!(told().await["lastUsedTimestamp"], Value::Null, "a refused use is none");

    assert_eq!(used("192.0.2.7").await.status, 200);
    server.wait(5);
    let last = server.idp.now().millis();
    assert_eq!(used("192.0.2.8").await.status, 200);
    server.wait(5);
    api_keys::flush(&server.idp).await;
    let key = told().await;
    assert_eq!((&key["lastUsedTimestamp"], &key["lastUsedIP"]["address"]), (&last.into(), &"192.0.2.8".into()));
    assert_eq!(server.count_events().await, before);
    let mut owner = server.at.owner().await;
    let kept: String = sqlx::query_scalar("SELECT address FROM api_key_uses").fetch_one(&mut owner).await.unwrap();
    assert!(kept.starts_with("v1.") && !kept.contains("192.0.2"), "sealed");
}

#[tokio::test]
async fn what_another_server_saw_later_stands() {
    let server = TestServer::start().await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.1"]).await;
    let mut owner = server.at.owner().await;
    let later = server.idp.now().millis() + 1000;
    sqlx::query("INSERT INTO api_key_uses VALUES ($1, $2, 'other')")
        .bind(key.rsplit_once('/').unwrap().0)
        .bind(later)
        .execute(&mut owner)
        .await
        .unwrap();
    let asking = Request::get("/authentication/v1/session").body(Body::empty()).unwrap();
    assert_eq!(server.call(with("argus-api-key", &key, asking)).await.status, 200);
    api_keys::flush(&server.idp).await;
    let at: i64 = sqlx::query_scalar("SELECT at FROM api_key_uses").fetch_one(&mut owner).await.unwrap();
    assert_eq!(at, later);
}

#[tokio::test]
async fn a_server_that_stops_writes_down_what_it_saw() {
    let server = TestServer::start().await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.1"]).await;
    let asking = Request::get("/authentication/v1/session").body(Body::empty()).unwrap();
    assert_eq!(server.call(with("argus-api-key", &key, asking)).await.status, 200);
    server.stop().await;
    let kept: i64 =
        sqlx::query_scalar("SELECT count(*) FROM api_key_uses").fetch_one(&mut server.at.owner().await).await.unwrap();
    assert_eq!(kept, 1);
}
