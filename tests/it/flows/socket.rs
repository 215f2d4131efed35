//! The server on a real socket, and its end.

use crate::support::server::TestServer;
use serde_json::Value;

#[tokio::test]
async fn what_waits_to_be_recorded_is_recorded_when_the_server_stops() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let before = server.count_events().await;
    for _ in 0..15 {
        rp.try_refresh("junk").await;
    }
    assert_eq!(server.count_events().await, before + 10);
    server.stop().await;
    assert_eq!(server.count_events().await, before + 11);
    assert_eq!(server.events().await.pop().unwrap()["payload"]["refused"]["count"], 5);
}

#[tokio::test]
async fn on_a_socket_it_answers_as_itself() {
    let (server, url) = TestServer::listen().await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let document: Value =
        http.get(format!("{url}/.well-known/openid-configuration")).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["issuer"], url);
    let alice = server.alice();
    let login = http.post(format!("{url}/login")).form(&[("username", "alice"), ("password", &alice.password)]);
    let answer = login.send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("argus_session=alice/") && !cookie.contains("Secure"),
        "the SDK would withhold it from http"
    );
    let session =
        http.get(format!("{url}/authentication/v1/session")).header("cookie", cookie.split(';').next().unwrap());
    let session: Value = session.send().await.unwrap().json().await.unwrap();
    assert_eq!(session["data"]["clientIP"], "127.0.0.1");
}
