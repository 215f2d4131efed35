//! A password that somebody else set: nothing can be done before another one is chosen, and that ends everything from before.

use crate::support::{
    directory::{self, ALICE_PASSWORD},
    people::Person,
    relying_party::REDIRECT_URI,
    server::{TestServer, json as json_request, with},
};
use serde_json::json;

const GIVEN: &str = "given by an administrator";
const CHOSEN: &str = "chosen by herself, for good";

async fn with_given_password(server: &TestServer) -> Person {
    directory::set_password(&server.idp, server.directory.alice, GIVEN, true).await;
    server.person(server.directory.alice, "alice", GIVEN)
}

async fn sign_in(person: &Person) -> String {
    person.post("/login", &[("username", "alice"), ("password", GIVEN)]).await.location().to_owned()
}

async fn change(person: &Person, current: &str, new: &str, again: &str) -> crate::support::server::Answer {
    let fields = [("current_password", current), ("new_password", new), ("new_password_again", again)];
    person.post("/password", &fields).await
}

#[tokio::test]
async fn such_a_session_can_do_nothing_else() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, with_given_password(&server).await);
    assert_eq!(sign_in(&alice).await, "/password");
    assert_eq!(alice.get("/").await.location(), "/password");
    assert!(alice.get(&rp.authorize_url(&[])).await.location().starts_with("/password?resume="));
    let none = alice.get(&rp.authorize_url(&[("prompt", "none")])).await;
    assert_eq!(none.location_parameter("error").as_deref(), Some("login_required"));
    let bearer = format!("Bearer {}", alice.session_token());
    let body = json!({ "clientID": "app", "redirectURI": REDIRECT_URI, "responseType": ["code"] });
    for request in [
        json_request("POST", "/authentication/v1/oauth/authorize", &body),
        json_request("GET", "/authentication/v1/session", &json!({})),
        json_request("GET", "/audit/v1/entries", &json!({})),
    ] {
        assert_eq!(server.call(with("authorization", &bearer, request)).await.status, 401);
    }
    assert!(server.events().await.iter().all(|event| event["type"] != "grant.authorized"));
}

#[tokio::test]
async fn an_unfit_password_changes_nothing() {
    let server = TestServer::start().await;
    let alice = with_given_password(&server).await;
    sign_in(&alice).await;
    let before = server.count_events().await;
    let long = "gh ij kl mn ".repeat(11);
    for (current, new, again) in [
        (GIVEN, "too short", "too short"),
        (GIVEN, long.as_str(), long.as_str()),
        (GIVEN, CHOSEN, "something else entirely"),
        (GIVEN, GIVEN, GIVEN),
        (GIVEN, "alice in the wonderland", "alice in the wonderland"),
        (GIVEN, "passwordpassword", "passwordpassword"),
        (GIVEN, "", ""),
        (GIVEN, CHOSEN, ""),
    ] {
        let answer = change(&alice, current, new, again).await;
        assert_eq!((answer.header("location"), answer.cookies().len()), (None, 0), "{new}");
        assert!(!answer.text().contains(GIVEN) && !answer.text().contains(CHOSEN));
    }
    assert_eq!(server.count_events().await, before);
    let wrong = change(&alice, "not the given one", CHOSEN, CHOSEN).await;
    assert_eq!((wrong.header("location"), wrong.cookies().len()), (None, 0));
    assert_eq!(alice.get("/").await.location(), "/password");
}

#[tokio::test]
async fn whoever_is_not_signed_in_cannot_change_a_password() {
    let server = TestServer::start().await;
    let alice = server.alice();
    assert_eq!(change(&alice, ALICE_PASSWORD, CHOSEN, CHOSEN).await.location(), "/login");
    alice.sign_in().await;
}

#[tokio::test]
async fn guesses_at_the_current_password_are_counted() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let mut last = 0;
    for _ in 0..11 {
        last = change(&alice, "not the current one", CHOSEN, CHOSEN).await.status;
    }
    assert_eq!(last, 429);
    assert_eq!(change(&alice, ALICE_PASSWORD, CHOSEN, CHOSEN).await.status, 429);
}

#[tokio::test]
async fn a_new_password_leads_on_and_ends_everything_from_before() {
    let server = TestServer::start().await;
    let (rp, elsewhere) = (server.confidential("app").await, server.alice());
    let old = rp.tokens_for(&elsewhere).await;
    let alice = with_given_password(&server).await;
    assert!(!rp.is_active(&old.access).await, "setting a password ends what was");
    let login = alice.get(&rp.authorize_url(&[])).await.location().to_owned();
    let page = alice.sign_in_at(&login).await;
    assert!(page.starts_with("/password?resume="), "{page}");
    let limited = alice.session_token();
    let resume = page.split_once("resume=").unwrap().1;
    let fields =
        [("current_password", GIVEN), ("new_password", CHOSEN), ("new_password_again", CHOSEN), ("resume", resume)];
    let back = alice.post("/password", &fields).await.location().to_owned();
    let code = alice.get(&back).await.location_parameter("code").unwrap();
    assert!(rp.is_active(&rp.redeem(&code).await.access).await);
    assert_ne!(alice.session_token(), limited);
    for (password, status) in [(GIVEN, 403), (ALICE_PASSWORD, 403), (CHOSEN, 303)] {
        let answer = alice.elsewhere().post("/login", &[("username", "alice"), ("password", password)]).await;
        assert_eq!(answer.status, status, "{password}");
    }
    let stale = alice.elsewhere();
    stale.keep(crate::support::people::SESSION, &limited);
    assert_eq!(stale.get("/").await.location(), "/login");
    assert_eq!(elsewhere.get("/").await.location(), "/login");
}

#[tokio::test]
async fn the_sdk_is_told_with_221() {
    let server = TestServer::start().await;
    with_given_password(&server).await;
    let body = json!({ "userName": "alice", "password": GIVEN });
    let answer = server.call(json_request("POST", "/authentication/v1/password/authentication", &body)).await;
    let data = answer.json()["data"].clone();
    assert_eq!((answer.status, answer.json()["responseCode"].clone()), (221, json!(221)));
    assert_eq!(data["credentials"]["requestCredentialsData"], data["requestCredentialsData"]);
    let bearer = format!("Bearer {}", data["requestCredentialsData"].as_str().unwrap());
    let session = json_request("GET", "/authentication/v1/session", &json!({}));
    assert_eq!(server.call(with("authorization", &bearer, session)).await.status, 401);
}
