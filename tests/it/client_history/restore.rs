//! Back to an earlier definition.

use super::{CLIENTS, call, data, get, put};
use crate::support::{
    directory::{self, desk, function_below, grant, issue_key},
    relying_party::{REDIRECT_URI, RelyingParty},
    server::{Answer, TestServer, json, with},
};
use aggregates::{
    client::ClientAuthentication,
    function::{Function, FunctionCommand},
};
use serde_json::{Value, json};

/// Where the client sends people later on.
const ELSEWHERE: &str = "https://app.example/elsewhere";

async fn restore(server: &TestServer, path: &str, body: &Value) -> Answer {
    call(server, json("POST", &format!("{CLIENTS}/{path}"), body)).await
}

/// The redirect URIs of a client moved away, and the scopes with them.
async fn moved(server: &TestServer) -> RelyingParty {
    let rp = server.confidential("app").await;
    data(&put(server, "app", &json!({ "redirectURIs": [ELSEWHERE], "permittedScopes": ["openid"] })).await);
    rp
}

#[tokio::test]
async fn what_cannot_be_restored_is_refused_and_nothing_is_recorded() {
    let server = TestServer::start().await;
    moved(&server).await;
    let before = server.count_events().await;
    for (path, body, status) in [
        ("nothing/restore", json!({ "to": 1 }), 404),
        ("app/restore", json!({}), 412),
        ("app/restore", json!({ "to": null }), 412),
        ("app/restore", json!({ "to": "yesterday" }), 412),
        ("app/restore", json!({ "to": 0 }), 412),
        ("app/restore", json!({ "to": 4 }), 412),
        ("app/restore", json!({ "to": "@1" }), 412),
        ("app/restore", json!({ "to": "2020-01-01" }), 412),
        ("app/restore", json!({ "to": 3 }), 412),
        ("app/restore", json!({ "to": 1, "execute": true }), 412),
        ("app/restore?expectVersion=2", json!({ "to": 1 }), 412),
        ("app/restore?expectVersion=x", json!({ "to": 1 }), 412),
        ("app/restore?force=true", json!({ "to": 1 }), 412),
        ("app/restore/preview", json!({ "to": 3 }), 412),
    ] {
        let answer = restore(&server, path, &body).await;
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
    }
    assert_eq!(server.count_events().await, before);
    let told = restore(&server, "app/restore", &json!({ "to": 3 })).await.text();
    assert!(told.contains("nothing to restore"), "{told}");
    let told = restore(&server, "app/restore?expectVersion=2", &json!({ "to": 1 })).await.text();
    assert!(told.contains("at version 3, not 2"), "{told}");
}

#[tokio::test]
async fn nobody_restores_a_scope_that_they_do_not_hold_before_and_after() {
    let server = TestServer::start().await;
    let (idp, people) = (&server.idp, &server.directory);
    server.client("app", |definition| definition.permission_scope = people.function("administrator")).await;
    data(&put(&server, "app", &json!({ "permissionScope": "analyst" })).await);
    for function in ["viewOAuthClients", "viewOAuthClientsDetails", "updateOAuthClients", "analyst"] {
        grant(idp, people, people.bob, function, None).await;
    }
    let key = issue_key(idp, people.bob, &["127.0.0.1"]).await;
    for path in ["restore", "restore/preview"] {
        let request = json("POST", &format!("{CLIENTS}/app/{path}"), &json!({ "to": 1 }));
        assert_eq!(server.call(with("argus-api-key", &key, request)).await.status, 403, "{path}");
    }
    assert_eq!(restore(&server, "app/restore", &json!({ "to": 1 })).await.status, 200);
}

#[tokio::test]
async fn a_name_that_is_taken_and_a_function_that_is_gone_do_not_come_back() {
    let server = TestServer::start().await;
    let mut desk = desk(&server.idp).await;
    let doomed = function_below(&mut desk, "administrator", "doomed").await;
    desk.commit().await.unwrap();
    server.client("app", |definition| definition.required_function = doomed).await;
    data(&put(&server, "app", &json!({ "shortName": "renamed", "requiredFunction": "analyst" })).await);
    let field = |answer: &Answer| answer.json()["messages"][0]["field"].as_str().unwrap().to_owned();
    server.confidential("app").await;
    let answer = restore(&server, "renamed/restore", &json!({ "to": 1 })).await;
    assert_eq!((answer.status, field(&answer).as_str()), (412, "shortName"));
    let mut desk = directory::desk(&server.idp).await;
    let administrator = server.directory.function("administrator");
    desk.execute::<Function>(administrator.uuid(), FunctionCommand::RemoveChild { child: doomed }).await.unwrap();
    desk.execute::<Function>(doomed.uuid(), FunctionCommand::Delete { built_in: false, used: false }).await.unwrap();
    desk.commit().await.unwrap();
    let answer = restore(&server, "renamed/restore", &json!({ "to": 1 })).await;
    assert_eq!((answer.status, field(&answer).as_str()), (412, "requiredFunction"));
}

#[tokio::test]
async fn a_deleted_client_stays_deleted() {
    let server = TestServer::start().await;
    let rp = moved(&server).await;
    assert_eq!(call(&server, json("DELETE", &format!("{CLIENTS}/app"), &json!({}))).await.status, 200);
    assert_eq!(restore(&server, &format!("{}/restore", rp.id), &json!({ "to": 1 })).await.status, 404);
    assert_eq!(get(&server, &format!("{}/history/1", rp.id)).await.status, 200, "but can be looked at");
}

#[tokio::test]
async fn neither_the_secret_nor_the_way_to_authenticate_nor_disabling_is_undone() {
    let server = TestServer::start().await;
    let mut rp = moved(&server).await;
    let secret = "another secret for the application";
    data(&put(&server, "app", &json!({ "clientSecret": secret, "disabled": true })).await);
    data(&restore(&server, "app/restore", &json!({ "to": 1 })).await);
    let definition = server.definition_of(rp.id).await;
    assert!(definition.disabled, "what was put out of use stays so");
    data(&put(&server, "app", &json!({ "disabled": false })).await);
    let code = rp.authorize(&server.alice()).await;
    assert_eq!(
        rp.try_redeem(&code).await.oauth_error(),
        (401, "invalid_client".to_owned()),
        "the secret of before is dead"
    );
    rp.secret = Some(secret.to_owned());
    let code = rp.authorize(&server.alice()).await;
    rp.redeem(&code).await;

    data(&put(&server, "app", &json!({ "authenticationMethod": "none", "name": "Public" })).await);
    let answer = restore(&server, "app/restore", &json!({ "to": 1 })).await;
    assert_eq!(answer.status, 412, "without a secret it must use PKCE, which version 1 did not ask for");
    let tightened = data(&put(&server, "app", &json!({ "name": "Tight", "redirectURIs": [ELSEWHERE] })).await);
    assert_eq!(tightened["authenticationMethod"], "none");
    let version = server.definition_of(rp.id).await;
    assert_eq!(version.authentication, ClientAuthentication::None);
}

#[tokio::test]
async fn a_preview_tells_what_would_change_and_changes_nothing() {
    let server = TestServer::start().await;
    server.client("app", |definition| definition.required_function = server.directory.function("customerUser")).await;
    data(&put(&server, "app", &json!({ "requiredFunction": "administrator", "redirectURIs": [ELSEWHERE] })).await);
    let before = server.count_events().await;
    let preview = data(&restore(&server, "app/restore/preview", &json!({ "to": 1 })).await);
    assert_eq!(preview["version"], 3);
    let fields: Vec<_> = preview["changes"].as_array().unwrap().iter().map(|change| &change["field"]).collect();
    assert_eq!(fields, ["redirectURIs", "requiredFunction"]);
    let names = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["user"]["userName"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names(&preview["gaining"]).contains(&"alice".to_owned()), "{preview}");
    assert_eq!(names(&preview["losing"]), Vec::<String>::new());
    let body = json!({ "requiredFunction": "traffic" });
    let preview = data(&restore(&server, "app/preview", &body).await);
    assert_eq!(names(&preview["losing"]), ["admin"]);
    assert_eq!(server.count_events().await, before, "nothing was recorded");
}

#[tokio::test]
async fn after_a_restore_the_next_sign_in_follows_the_old_definition_and_nothing_was_deleted() {
    let server = TestServer::start().await;
    let rp = moved(&server).await;
    let alice = server.alice();
    let page = alice.get(&rp.authorize_url(&[])).await;
    assert_eq!((page.status, page.header("location")), (400, None), "the old redirect URI is no more");
    let history = data(&get(&server, "app/history").await);
    let log = server.events().await;

    let request = json("POST", &format!("{CLIENTS}/app/restore"), &json!({ "to": 1 }));
    let request = with("argus-reason", "Ticket 4711: the move was too early", request);
    let restored = data(&call(&server, request).await);
    assert_eq!(restored["redirectURIs"], json!([REDIRECT_URI]));

    let tokens = rp.tokens_for(&alice).await;
    assert_eq!(tokens.answer["scope"], "openid profile");
    let answer = alice.get(&rp.authorize_url(&[("redirect_uri", ELSEWHERE)])).await;
    assert_eq!((answer.status, answer.header("location")), (400, None), "and the new one is not");

    let now = data(&get(&server, "app/history").await);
    let (now, history) = (now.as_array().unwrap(), history.as_array().unwrap());
    assert_eq!((now.len(), &now[..history.len()]), (history.len() + 1, &history[..]), "one more version");
    let last = &now[history.len()];
    assert_eq!((&last["restoredVersion"], &last["reason"]), (&json!(1), &json!("Ticket 4711: the move was too early")));
    assert_eq!(last["user"]["userName"], "admin");
    assert_eq!(data(&get(&server, "app/diff?from=1").await), json!([]));
    let after = server.events().await;
    assert_eq!(after[..log.len()], log[..], "nothing was deleted or changed");
    let entry = server.audit().await.into_iter().find(|entry| entry["action"] == "client.restored").unwrap();
    assert_eq!(entry["note"], "Ticket 4711: the move was too early");
}
