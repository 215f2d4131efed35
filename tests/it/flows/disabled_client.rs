//! A client that is out of use: nothing that hangs on it works, on any instance, from the moment that it is answered.

use crate::support::{
    relying_party::RelyingParty,
    server::{TestServer, json as json_request, with},
};
use serde_json::{Value, json};

async fn put(server: &TestServer, rp: &RelyingParty, body: &Value) -> (u16, Value) {
    let path = format!("/authentication/v1/oauth/client/{}", rp.client_id());
    let request = with("argus-api-key", &server.directory.admin_key, json_request("PUT", &path, body));
    let answer = server.call(request).await;
    (answer.status, answer.json()["data"]["flags"].clone())
}

#[tokio::test]
async fn a_disabled_client_and_all_its_tokens_are_refused_and_enabling_revives_none() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let code = rp.authorize(&alice).await;
    assert_eq!(put(&server, &rp, &json!({ "disabled": "yes" })).await.0, 412);
    assert!(rp.is_active(&tokens.access).await);

    let before = server.count_events().await;
    let (status, flags) = put(&server, &rp, &json!({ "disabled": true })).await;
    assert!(status == 200 && flags.as_array().unwrap().contains(&json!("disabled")));
    assert_eq!(server.count_events().await, before + 1, "one append");
    assert_eq!(rp.userinfo(&tokens.access).await.status, 401);
    assert_eq!(rp.introspect(&tokens.access).await.oauth_error(), (401, "invalid_client".to_owned()));
    assert_eq!(rp.try_refresh(&tokens.refresh).await.oauth_error(), (401, "invalid_client".to_owned()));
    assert_eq!(rp.try_redeem(&code).await.oauth_error(), (401, "invalid_client".to_owned()));
    assert_eq!(alice.get(&rp.authorize_url(&[])).await.status, 400, "no redirect for a client that is out of use");
    assert_eq!(put(&server, &rp, &json!({ "disabled": true })).await.0, 220);

    assert_eq!(put(&server, &rp, &json!({ "disabled": false })).await.0, 200);
    assert!(!rp.is_active(&tokens.access).await);
    assert_eq!(rp.try_refresh(&tokens.refresh).await.oauth_error(), (400, "invalid_grant".to_owned()));
    let again = rp.tokens_for(&alice).await;
    assert!(rp.is_active(&again.access).await);
}
