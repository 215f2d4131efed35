//! `maxSecurityLevel`: how far a session that was delegated to a client is trusted, and what follows.

use crate::support::{
    relying_party::RelyingParty,
    server::{TestServer, json as json_request, with},
};
use aggregates::{
    client::{Author, ClientCommand, Facts},
    values::SecurityLevel,
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const CLIENTS: &str = "/authentication/v1/oauth/client";

async fn capped(server: &TestServer, name: &str, level: SecurityLevel) -> RelyingParty {
    let administrator = server.directory.function("administrator");
    server
        .client(name, |definition| {
            definition.required_function = administrator;
            definition.permission_scope = administrator;
            definition.customer = None;
            definition.max_security_level = level;
        })
        .await
}

async fn cap(server: &TestServer, rp: &RelyingParty, level: SecurityLevel) {
    let mut definition = server.definition_of(rp.id).await;
    definition.max_security_level = level;
    let facts = Facts { short_name_taken: false, author: Author::Operator };
    server.tell_client(rp.id, ClientCommand::Redefine { definition: Box::new(definition), facts }).await;
}

async fn level(server: &TestServer, token: &str) -> Value {
    let request = Request::get("/authentication/v1/session").body(Body::empty()).unwrap();
    let answer = server.call(with("authorization", &format!("Bearer {token}"), request)).await;
    answer.json()["data"]["securityLevel"].clone()
}

async fn defines(server: &TestServer, token: &str, name: &str, level: &str) -> u16 {
    let body = json!({
        "shortName": name, "name": name, "description": "An application", "mainURI": "https://app.example/",
        "clientIPRange": ["127.0.0.1"], "authenticationMethod": "none", "requiredFunction": "viewOAuthClients",
        "permissionScope": "viewOAuthClients", "maxSecurityLevel": level,
    });
    server.call(with("authorization", &format!("Bearer {token}"), json_request("POST", CLIENTS, &body))).await.status
}

#[tokio::test]
async fn what_was_delegated_is_trusted_no_further_than_its_client() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let outside = capped(&server, "outside", SecurityLevel::External).await;
    let token = outside.tokens_for(&admin).await.access;
    assert_eq!(level(&server, &token).await, "EXTERNAL");
    assert_eq!(defines(&server, &token, "a", "standard").await, 403);
    assert_eq!(defines(&server, &token, "a", "external").await, 201);
}

#[tokio::test]
async fn no_client_is_trusted_further_than_its_user() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let trusted = capped(&server, "trusted", SecurityLevel::Administrative).await;
    let token = trusted.tokens_for(&admin).await.access;
    assert_eq!(
        (level(&server, &token).await, level(&server, &admin.session_token()).await),
        (json!("DEFAULT"), json!("DEFAULT"))
    );
    assert_eq!(defines(&server, &token, "b", "administrative").await, 403);
    assert_eq!(defines(&server, &token, "b", "standard").await, 201);
}

#[tokio::test]
async fn lowering_the_cap_counts_at_the_next_use_of_every_token() {
    let server = TestServer::start().await;
    let rp = capped(&server, "trusted", SecurityLevel::Standard).await;
    let token = rp.tokens_for(&server.admin()).await.access;
    assert_eq!(
        (level(&server, &token).await, defines(&server, &token, "c", "standard").await),
        (json!("DEFAULT"), 201)
    );
    cap(&server, &rp, SecurityLevel::External).await;
    assert_eq!(
        (level(&server, &token).await, defines(&server, &token, "d", "standard").await),
        (json!("EXTERNAL"), 403)
    );
}
