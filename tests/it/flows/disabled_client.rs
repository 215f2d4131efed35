//! A client that was put out of use: nothing of it works, and nothing that it had comes back.

use super::scripts;
use crate::support::{
    directory,
    server::{TestServer, json, with},
};
use serde_json::{Value, json};

async fn put(server: &TestServer, body: Value) -> (u16, Value) {
    let request = json("PUT", "/authentication/v1/oauth/client/app", &body);
    let answer = server.call(with("argus-api-key", &server.directory.admin_key, request)).await;
    (answer.status, answer.json()["data"].clone())
}

fn is_flagged(client: &Value) -> bool {
    client["flags"].as_array().unwrap().contains(&"disabled".into())
}

#[tokio::test]
async fn nothing_of_a_disabled_client_works_and_enabling_it_revives_nothing() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let key = directory::issue_key(&server.idp, alice.id, &[scripts::SCRIPT]).await;
    let tokens = rp.tokens_for(&alice).await;
    let code = rp.authorize(&alice).await;
    assert_eq!(put(&server, json!({ "disabled": "yes" })).await.0, 412);
    assert!(rp.is_active(&tokens.access).await);
    let before = server.count_events().await;
    let (status, client) = put(&server, json!({ "disabled": true })).await;
    assert_eq!((status, is_flagged(&client)), (200, true));
    assert_eq!(server.count_events().await, before + 1, "one append");
    assert_eq!(put(&server, json!({ "disabled": true })).await.0, 220);

    let invalid = (401, "invalid_client".to_owned());
    assert_eq!(rp.userinfo(&tokens.access).await.oauth_error(), (401, "invalid_token".to_owned()));
    assert_eq!(rp.introspect(&tokens.access).await.oauth_error(), invalid);
    assert_eq!(rp.try_refresh(&tokens.refresh).await.oauth_error(), invalid);
    assert_eq!(rp.try_redeem(&code).await.oauth_error(), invalid);
    assert_eq!(scripts::try_issue(&rp, &key, &[]).await.oauth_error(), invalid);
    let page = alice.get(&rp.authorize_url(&[])).await;
    assert_eq!((page.status, page.header("location")), (400, None), "nobody is sent to it");

    let (status, client) = put(&server, json!({ "disabled": false })).await;
    assert_eq!((status, is_flagged(&client)), (200, false));
    assert_eq!(rp.userinfo(&tokens.access).await.oauth_error(), (401, "invalid_token".to_owned()));
    assert_eq!(rp.try_refresh(&tokens.refresh).await.oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(rp.try_redeem(&code).await.oauth_error(), (400, "invalid_grant".to_owned()));
    assert!(rp.is_active(&rp.tokens_for(&alice).await.access).await);
}

#[tokio::test]
async fn a_client_may_be_defined_as_disabled() {
    let server = TestServer::start().await;
    let body = json!({
        "shortName": "app", "name": "App", "description": "For tests", "mainURI": "https://app.example/",
        "redirectURIs": ["https://app.example/cb"], "clientIPRange": ["127.0.0.1"], "authenticationMethod": "none",
        "requiredFunction": "analyst", "permissionScope": "analyst", "disabled": true,
    });
    let request = json("POST", "/authentication/v1/oauth/client", &body);
    let answer = server.call(with("argus-api-key", &server.directory.admin_key, request)).await;
    assert_eq!((answer.status, is_flagged(&answer.json()["data"])), (201, true));
    let actions: Vec<_> = server.audit().await.into_iter().map(|entry| entry["action"].clone()).collect();
    assert_eq!(actions[actions.len() - 2..], ["client.defined", "client.disabled"]);
}
