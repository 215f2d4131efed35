//! Who is not let in: `access_denied` at the redirect URI, no code, and an event that says why.

use super::authorize::told;
use crate::support::{directory, people::Person, relying_party::RelyingParty, server::TestServer};
use serde_json::{Value, json};

async fn refused(server: &TestServer, rp: &RelyingParty, person: &Person) -> Value {
    let before = server.events().await.len();
    for prompt in ["", "none"] {
        let answer = person.get(&rp.authorize_url(&[("prompt", prompt)])).await;
        assert_eq!(told(&answer), "access_denied", "{}", person.user_name);
    }
    let events = server.events().await;
    let new: Vec<&Value> = events.iter().skip(before).collect();
    assert!(new.iter().all(|event| event["type"] == "grant.refused") && new.len() == 2, "{new:?}");
    let refusal = new.first().unwrap()["payload"]["refused"].clone();
    assert_eq!((&refusal["step"], &refusal["client_version"]), (&json!("authorize"), &json!(1)));
    assert_eq!(refusal["user"], json!(person.id.to_string()));
    assert_eq!(refusal["required_function"], json!(server.directory.function("analyst").to_string()));
    refusal["reason"].clone()
}

#[tokio::test]
async fn who_does_not_hold_the_required_function_is_refused_with_a_reason_on_record() {
    let server = TestServer::start().await;
    let (rp, bob) = (server.confidential("app").await, server.bob());
    bob.sign_in().await;
    assert_eq!(refused(&server, &rp, &bob).await, "function_not_held");
}

#[tokio::test]
async fn holding_it_for_another_customer_does_not_help() {
    let server = TestServer::start().await;
    let globex = server.directory.globex;
    let (rp, alice) = (server.client("app", |definition| definition.customer = Some(globex)).await, server.alice());
    alice.sign_in().await;
    assert_eq!(refused(&server, &rp, &alice).await, "function_not_held");
    directory::grant(&server.idp, &server.directory, alice.id, "analyst", None).await;
    rp.authorize(&alice).await; // the root customer is above
}

#[tokio::test]
async fn a_function_below_the_required_one_is_not_enough_but_one_above_is() {
    let server = TestServer::start().await;
    let (rp, bob) = (server.confidential("app").await, server.bob());
    bob.sign_in().await;
    directory::grant(&server.idp, &server.directory, bob.id, "customerUser", Some("globex")).await;
    assert_eq!(refused(&server, &rp, &bob).await, "function_not_held");
    directory::grant(&server.idp, &server.directory, bob.id, "administrator", Some("globex")).await;
    rp.authorize(&bob).await;
}
