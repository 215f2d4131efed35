//! What a decision was made on stays on record: what was asked and given, what the token may do, what a refusal missed; and each
//! entry is explained in a sentence.

use super::scripts::{self, SCRIPT};
use crate::support::{
    directory,
    people::Person,
    relying_party::{REDIRECT_URI, RelyingParty, TOKEN, ranges},
    server::{Answer, TestServer, json as json_request, with},
};
use aggregates::{user::UserCommand, values::PermittedScopes};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The latest entry.
async fn last(server: &TestServer) -> Value {
    server.audit().await.pop().unwrap()
}

/// An entry as it is shown to somebody who is signed in.
async fn show(person: &Person, position: &Value) -> Answer {
    let path = format!("/audit/v1/entries/{}", position.to_string().trim_matches('"'));
    let request = Request::get(path).body(Body::empty()).unwrap();
    person.server.call(with("authorization", &format!("Bearer {}", person.session_token()), request)).await
}

async fn sentence(admin: &Person) -> String {
    let entry = last(&admin.server).await;
    let shown = show(admin, &entry["position"]).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    shown.json()["data"]["sentence"].as_str().unwrap().to_owned()
}

/// The latest entry is a refusal for this reason that says what was missing.
async fn refused(server: &TestServer, reason: &str, missing: Value) -> Value {
    let entry = last(server).await;
    assert_eq!((&entry["outcome"], &entry["reason"]), (&json!("refused"), &json!(reason)), "{entry}");
    assert_eq!(entry["missing"], missing, "{reason}");
    assert_eq!((&entry["scopes"], &entry["functions"]), (&Value::Null, &Value::Null), "nothing was given: {entry}");
    assert!(entry["client_version"].is_i64() && entry["required_function"].is_string() && entry["ip"].is_string());
    entry
}

fn condition(text: &str) -> Value {
    json!({ "condition": text })
}

#[tokio::test]
async fn a_refused_authorization_says_what_was_missing() {
    let server = TestServer::start().await;
    let scopes = PermittedScopes::Only(["openid", "email"].map(|scope| scope.parse().unwrap()).into());
    let acme = Some(server.directory.acme);
    let rp = server.client("app", |definition| (definition.permitted_scopes, definition.customer) = (scopes, acme));
    let rp = rp.await.asking_for("openid");
    let (bob, admin) = (server.bob().at("203.0.113.9"), server.admin());
    for person in [&bob, &admin] {
        person.sign_in().await;
    }
    bob.get(&rp.authorize_url(&[("scope", "openid phone groups")])).await;
    let entry = refused(&server, "invalid_scope", json!({ "scopes": ["groups", "phone"] })).await;
    assert_eq!(entry["scopes_asked"], json!(["groups", "openid", "phone"]));
    bob.get(&rp.authorize_url(&[("code_challenge", "x"), ("code_challenge_method", "S256")])).await;
    refused(&server, "invalid_request", condition("the code_challenge is malformed")).await;
    bob.get(&rp.authorize_url(&[])).await;
    let entry = refused(&server, "function_not_held", Value::Null).await;
    let known = [&entry["step"], &entry["method"], &entry["ip"], &entry["held_by"], &entry["scopes_asked"]];
    assert_eq!(
        known,
        [&json!("authorize"), &json!("password"), &json!("203.0.113.9"), &Value::Null, &json!(["openid"])]
    );
    assert!(entry["authenticated_at"].is_i64() && entry["session_id"].is_string());
    assert_eq!(
        sentence(&admin).await,
        "an authorization of client app under version 1 of its definition was refused to bob from 203.0.113.9, because the user \
         does not hold analyst for acme (missing)."
    );
}

#[tokio::test]
async fn a_request_of_the_portal_that_breaks_a_rule_is_on_record_as_well() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    alice.sign_in().await;
    let body = json!({
        "clientID": "app", "redirectURI": REDIRECT_URI, "responseType": ["token"], "scope": ["openid"],
    });
    let request = json_request("POST", "/authentication/v1/oauth/authorize", &body);
    let answer = server.call(with("authorization", &format!("Bearer {}", alice.session_token()), request)).await;
    assert_eq!(answer.status, 412, "{}", answer.text());
    let entry = refused(&server, "invalid_request", condition("only the response type code is supported")).await;
    assert_eq!((&entry["client_id"], &entry["scopes_asked"]), (&json!(rp.client_id()), &json!(["openid"])));
}

#[tokio::test]
async fn a_refused_token_says_what_was_missing_and_what_was_known() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    rp.redefine(|definition| definition.ip_ranges = ranges(&["10.1.0.0/16"])).await;
    let (alice, here) = (server.alice(), "10.1.2.3");
    rp.try_redeem("junk").await;
    refused(&server, "address_outside_ranges", json!({ "ranges": ["10.1.0.0/16"] })).await;
    let rp = rp.at(here);
    rp.try_redeem("junk").await;
    let entry = refused(&server, "invalid_grant", condition("no such code or token")).await;
    assert_eq!((&entry["step"], &entry["ip_range"]), (&json!("authorization_code"), &json!("10.1.0.0/16")));
    let tokens = rp.tokens_for(&alice).await;
    let more = [("grant_type", "refresh_token"), ("refresh_token", &*tokens.refresh), ("scope", "openid phone")];
    rp.call(TOKEN, &more).await;
    let entry = refused(&server, "invalid_scope", condition("more scope than was granted")).await;
    assert_eq!(entry["scopes_asked"], json!(["openid", "phone"]));
    alice.sign_out().await;
    rp.try_refresh(&tokens.refresh).await;
    let entry = refused(&server, "session_over", condition("the session was ended")).await;
    let known = [&entry["method"], &entry["held_by"]["subject"], &entry["user_id"], &entry["ip"]];
    let id = json!(alice.id.to_string());
    assert_eq!(known, [&json!("password"), &id, &id, &json!(here)]);
}

#[tokio::test]
async fn what_revoked_the_past_is_named_when_a_token_is_refused() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    directory::tell(&server.idp, alice.id, UserCommand::EndSessions).await;
    rp.try_refresh(&tokens.refresh).await;
    refused(&server, "session_over", condition("the user's sessions and tokens were ended")).await;
    let tokens = rp.tokens_for(&alice.elsewhere()).await;
    server.wait(13 * 3600);
    rp.try_refresh(&tokens.refresh).await;
    assert!(["session_over", "invalid_grant"].contains(&last(&server).await["reason"].as_str().unwrap()));
    rp.redefine(|definition| definition.disabled = true).await;
    rp.try_refresh(&tokens.refresh).await;
    refused(&server, "client_not_active", condition("the client was disabled")).await;
}

#[tokio::test]
async fn a_script_is_on_record_with_its_key_even_when_it_is_refused() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &[SCRIPT]).await;
    let (prefix, _) = key.rsplit_once('/').unwrap();
    scripts::try_issue(&rp, &format!("{prefix}/wrong"), &[]).await;
    let told = condition("the API key's secret is another, or it may not be used from there");
    let entry = refused(&server, "api_key_not_valid", told).await;
    assert_eq!((&entry["api_key"], &entry["step"]), (&json!(prefix), &json!("client_credentials")));
    scripts::issue(&rp, &key, &[("scope", "openid")]).await;
    let entry = last(&server).await;
    assert_eq!(entry["api_key"], prefix);
    assert_eq!((&entry["scopes_asked"], &entry["scopes"]), (&json!(["openid"]), &json!(["openid"])));
    assert!(entry["functions"].as_array().is_some_and(|functions| !functions.is_empty()), "{entry}");
}

#[tokio::test]
async fn a_refresh_records_what_was_asked_what_was_given_and_what_the_token_may_do_from_then_on() {
    let server = TestServer::start().await;
    let function = server.directory.function("administrator");
    let rp = server.client("app", |definition| definition.permission_scope = function).await;
    let (alice, admin) = (server.alice(), server.admin());
    admin.sign_in().await;
    let tokens = rp.tokens_for(&alice).await;
    let before = last(&server).await;
    assert_eq!((&before["scopes_asked"], &before["scopes"]), (&Value::Null, &json!(["openid", "profile"])));
    directory::grant(&server.idp, &server.directory, alice.id, "auditor", Some("acme")).await;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", &*tokens.refresh), ("scope", "openid")];
    let answer = rp.call(TOKEN, &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let after = last(&server).await;
    assert_eq!((&after["scopes_asked"], &after["scopes"]), (&json!(["openid"]), &json!(["openid"])));
    let shown = show(&admin, &before["position"]).await.json()["data"].clone();
    let functions =
        |shown: &Value| BTreeSet::from_iter(shown["functions"].as_array().unwrap().iter().map(Value::to_string));
    let analyst = ["analyst", "customerUser"].map(|name| json!(name).to_string());
    assert_eq!(functions(&shown), analyst.clone().into(), "of all that the scope implies");
    let shown = show(&admin, &after["position"]).await.json()["data"].clone();
    let auditor = ["auditor", "viewAuditTrail"].map(|name| json!(name).to_string());
    assert_eq!(functions(&shown), analyst.into_iter().chain(auditor).collect());
    assert_eq!(
        shown["sentence"],
        "the tokens of alice were refreshed by client app under version 1 of its definition with the scopes openid from \
         127.0.0.1 (in 127.0.0.1/32), because the user holds analyst for any customer (by analyst for acme, granted to alice)."
    );
}

/// Signed in, each of them.
async fn people(server: &TestServer) -> [Person; 4] {
    let people = [server.alice(), server.bob(), server.audrey(), server.admin()];
    for person in &people {
        person.sign_in().await;
    }
    people
}

async fn denied_to(person: &Person, rp: &RelyingParty) -> Value {
    person.get(&rp.authorize_url(&[])).await;
    last(&person.server).await["position"].clone()
}

#[tokio::test]
async fn an_entry_is_shown_to_those_who_may_see_it_and_is_not_there_for_others() {
    let server = TestServer::start().await;
    let [alice, bob, audrey, admin] = people(&server).await;
    let (acme, globex) = (server.directory.acme, server.directory.globex);
    let here = server.client("acme-app", |definition| definition.customer = Some(acme)).await;
    let there = server.client("globex-app", |definition| definition.customer = Some(globex)).await;
    let own = denied_to(&bob, &here).await;
    let foreign = denied_to(&alice, &there).await;
    assert_eq!(server.get(&format!("/audit/v1/entries/{own}")).await.status, 401);
    assert_eq!(show(&alice, &own).await.status, 403);
    for nothing in [&foreign, &json!(0), &json!(1_000_000_000), &json!(-1), &json!("x"), &json!("01")] {
        assert_eq!(show(&audrey, nothing).await.status, 404, "{nothing}");
    }
    let shown = show(&audrey, &own).await;
    assert_eq!((shown.status, &shown.json()["data"]["position"]), (200, &own));
    for position in [&own, &foreign] {
        assert_eq!(show(&admin, position).await.json()["data"]["position"], *position);
    }
}

#[tokio::test]
async fn every_kind_of_entry_is_explained() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let (alice, admin) = (server.alice(), server.admin());
    admin.sign_in().await;
    let code = rp.authorize(&alice).await;
    let tokens = rp.redeem(&code).await;
    rp.refresh(&tokens).await;
    rp.try_refresh(&tokens.refresh).await;
    rp.try_redeem(&code).await;
    alice.sign_out().await;
    rp.redefine(|definition| definition.description = "Another sentence".parse().unwrap()).await;
    let acme = json!(server.directory.acme.to_string());
    let entries: Vec<_> = server.audit().await.into_iter().filter(|entry| entry["customer_id"] == acme).collect();
    assert!(entries.len() > 10, "{entries:?}");
    for entry in entries {
        let shown = show(&admin, &entry["position"]).await.json()["data"].clone();
        let sentence = shown["sentence"].as_str().unwrap();
        assert!(sentence.ends_with('.') && !sentence.contains("unknown") && sentence.len() > 15, "{sentence}");
        assert!(entry["outcome"] == "done" || !sentence.contains('_'), "in words: {sentence}");
    }
}
