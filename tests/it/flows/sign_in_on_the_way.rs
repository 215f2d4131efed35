//! An authorization request that needs a sign-in first: when that is, and that nobody else can finish it.

use crate::support::{
    people::{Browser, SESSION},
    relying_party::NONCE,
    server::TestServer,
};

const EXPIRED: u16 = 400;

#[tokio::test]
async fn a_sealed_request_that_was_altered_or_invented_is_refused() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let login = alice.get(&rp.authorize_url(&[])).await.location().to_owned();
    let sealed = login.split_once("?resume=").unwrap().1;
    let mut flipped = sealed.to_owned();
    let last = flipped.pop().unwrap();
    flipped.push(if last == 'A' { 'B' } else { 'A' });
    let before = server.count_events().await;
    for bad in [
        &flipped,
        &sealed[1..],
        &sealed[..sealed.len() - 4],
        &sealed.to_uppercase(),
        "x",
        "//evil.example",
        "%2f",
        "e30",
    ] {
        let page = alice.get(&format!("/login?resume={bad}")).await;
        assert_eq!((page.status, page.header("location")), (EXPIRED, None), "{bad}");
        let fields = [("username", "alice"), ("password", alice.password.as_str()), ("resume", bad)];
        let answer = alice.post("/login", &fields).await;
        assert_eq!((answer.status, answer.cookies().len()), (EXPIRED, 0), "{bad}");
        assert_eq!(alice.get(&format!("/oauth2/authorize?resume={bad}")).await.status, EXPIRED, "{bad}");
    }
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn a_sign_in_is_finished_only_in_the_browser_that_it_began_in() {
    let server = TestServer::start().await;
    let (rp, mallory, alice) = (server.confidential("app").await, Browser::new(&server), server.alice());
    // Alice's browser has a mark of its own, or none.
    for own in [false, true] {
        if own {
            alice.get(&rp.authorize_url(&[])).await;
        }
        let login = mallory.get(&rp.authorize_url(&[])).await.location().to_owned();
        let sealed = login.split_once("?resume=").unwrap().1;
        assert_eq!(alice.get(&login).await.status, EXPIRED);
        let fields = [("username", "alice"), ("password", alice.password.as_str()), ("resume", sealed)];
        let answer = alice.post("/login", &fields).await;
        assert_eq!((answer.status, alice.cookie(SESSION)), (EXPIRED, None));
    }
    alice.sign_in().await;
    let login = mallory.get(&rp.authorize_url(&[])).await.location().to_owned();
    let back = login.replace("/login", "/oauth2/authorize");
    assert_eq!(alice.get(&back).await.status, EXPIRED, "nor with a session of her own");
}

#[tokio::test]
async fn a_sign_in_page_that_stays_open_for_an_hour_begins_anew() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let login = alice.get(&rp.authorize_url(&[])).await.location().to_owned();
    server.wait(3599);
    assert_eq!(alice.get(&login).await.status, 200);
    server.wait(1);
    assert_eq!(alice.get(&login).await.status, EXPIRED);
}

#[tokio::test]
async fn nobody_gets_past_the_sign_in_page_without_signing_in() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let login = alice.get(&rp.authorize_url(&[])).await.location().to_owned();
    let back = login.replace("/login", "/oauth2/authorize");
    let again = alice.get(&back).await;
    assert!(again.location().starts_with("/login?resume="), "{}", again.location());
    let sealed = login.split_once("?resume=").unwrap().1;
    for fields in [&[][..], &[("resume", sealed)], &[("resume", sealed), ("username", "alice")]] {
        assert_eq!(alice.post("/login", fields).await.header("location"), None, "{fields:?}");
        assert_eq!(alice.cookie(SESSION), None);
    }
}

#[tokio::test]
async fn prompt_login_and_max_age_are_not_satisfied_by_going_back() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    alice.sign_in().await;
    server.wait(10);
    for wish in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "0"), ("max_age", "9")] {
        let login = alice.get(&rp.authorize_url(&[wish])).await.location().to_owned();
        assert!(login.starts_with("/login?resume="), "{wish:?}: {login}");
        let back = alice.get(&login.replace("/login", "/oauth2/authorize")).await;
        assert!(back.location().starts_with("/login?resume="), "{wish:?}: {}", back.location());
    }
    for wish in [("prompt", "consent"), ("max_age", "10"), ("max_age", "9223372036854775807")] {
        assert!(alice.get(&rp.authorize_url(&[wish])).await.location_parameter("code").is_some(), "{wish:?}");
    }
}

#[tokio::test]
async fn a_sign_in_that_was_demanded_is_real_and_told() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let first = rp.redeem(&rp.authorize(&alice).await).await;
    let token = alice.session_token();
    server.wait(100);
    let second = rp.redeem(&rp.authorize_with(&alice, &[("prompt", "login"), ("max_age", "0")]).await).await;
    let time = |tokens: &crate::support::relying_party::Tokens| {
        super::discovery::claims(tokens.id_token.as_deref().unwrap())["auth_time"].as_i64().unwrap()
    };
    assert_eq!(time(&second), time(&first) + 100);
    assert_ne!(alice.session_token(), token, "and the session has a new token");
}

#[tokio::test]
async fn after_the_sign_in_the_request_goes_on_as_it_was() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let login = alice.get(&rp.authorize_url(&[("state", "über\u{1f511}")])).await.location().to_owned();
    let page = alice.get(&login).await;
    assert!(page.text().contains("The Application") && page.text().contains("app.example"));
    let back = alice.sign_in_at(&login).await;
    let answer = alice.get(&back).await;
    assert_eq!(answer.location_parameter("state").as_deref(), Some("über\u{1f511}"));
    let tokens = rp.redeem(&answer.location_parameter("code").unwrap()).await;
    assert_eq!(super::discovery::claims(tokens.id_token.as_deref().unwrap())["nonce"], NONCE);
}
