//! The sign-in page: what it does not tell, whom it slows down, and what a sign-in changes in the browser.

use crate::support::{
    directory::{self, person},
    people::{Browser, Person, SESSION},
    server::{Answer, ISSUER, TestServer, form, with},
};
use aggregates::user::UserCommand;

/// The form as it comes back, without what differs between requests anyway.
fn shown(answer: &Answer, user_name: &str) -> (u16, String) {
    assert!(answer.cookies().is_empty());
    let reference = answer.header("x-request-id").unwrap();
    (answer.status, answer.text().replace(reference, "").replace(user_name, "NAME"))
}

async fn attempt(browser: &Browser, user_name: &str, password: &str) -> Answer {
    browser.post("/login", &[("username", user_name), ("password", password)]).await
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/").await.status == 200
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same() {
    let server = TestServer::start().await;
    let (idp, directory) = (&server.idp, &server.directory);
    directory::newcomer(idp, directory, person("nopassword", "No Password", None)).await;
    let deleted = directory::newcomer(idp, directory, person("deleted", "De Leted", None)).await;
    directory::set_password(idp, deleted, "a password of some length", false).await;
    directory::tell(idp, deleted, UserCommand::Delete).await;
    directory::tell(idp, directory.bob, UserCommand::Block).await;
    let browser = Browser::new(&server);
    let first = shown(&attempt(&browser, "alice", "not the password").await, "alice");
    assert_eq!(first.0, 403);
    let right = server.bob().password;
    for (user_name, password) in [
        ("nobody", "not the password"),
        ("nopassword", "not the password"),
        ("bob", "not the password"),
        ("bob", right.as_str()),
        ("deleted", "a password of some length"),
        ("not a user name", "not the password"),
    ] {
        assert_eq!(shown(&attempt(&browser, user_name, password).await, user_name), first, "{user_name}");
    }
    for (user_name, password) in [("alice", ""), ("nobody", "")] {
        assert_eq!(shown(&attempt(&browser, user_name, password).await, user_name), first, "{user_name}, no password");
    }
    assert!(!is_signed_in(&browser).await);
}

#[tokio::test]
async fn after_ten_attempts_an_account_is_closed_to_that_address_only() {
    let server = TestServer::start().await;
    let (here, there) = (server.alice().at("198.51.100.1"), server.alice().at("198.51.100.2"));
    for (at, spelling) in ["alice", "ALICE", " alice", "Alice ", "alice"].iter().cycle().take(10).enumerate() {
        assert_eq!(attempt(&here, spelling, "not the password").await.status, 403, "{at}");
    }
    let answer = attempt(&here, "alice", &here.password).await;
    assert_eq!((answer.status, answer.cookies().len()), (429, 0), "the right password does not help");
    assert!(answer.header("retry-after").unwrap().parse::<u32>().unwrap() <= 900);
    assert_eq!(attempt(&here, "bob", "not the password").await.status, 403, "others may still try from there");
    there.sign_in().await;
    server.wait(900);
    here.sign_in().await;
}

#[tokio::test]
async fn a_form_from_another_site_signs_nobody_in_or_out() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let fields = [("username", "alice"), ("password", alice.password.as_str())];
    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "https://idp.example.evil.example"),
        ("origin", "http://idp.example"),
        ("origin", "null"),
    ] {
        let answer = alice.send(with(header, value, form("/login", &fields))).await;
        assert_eq!((answer.status, answer.cookies().len()), (403, 0), "{header}: {value}");
    }
    alice.sign_in().await;
    let answer = alice.send(with("sec-fetch-site", "cross-site", form("/logout", &[]))).await;
    assert_eq!(answer.status, 403);
    assert!(is_signed_in(&alice).await);
    let answer = alice.send(with("origin", ISSUER, form("/login", &fields))).await;
    assert_eq!(answer.location(), "/", "our own form");
}

#[tokio::test]
async fn a_sign_in_leads_to_our_own_pages_only() {
    let server = TestServer::start().await;
    let alice = server.alice();
    for target in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "https:evil.example",
        "%2f%2fevil.example",
        "\t//e",
    ] {
        for name in ["next", "back", "return_to", "redirect_uri", "resume"] {
            let fields = [("username", "alice"), ("password", alice.password.as_str()), (name, target)];
            let answer = alice.post("/login", &fields).await;
            let location = answer.header("location").unwrap_or("/");
            assert_eq!(location, "/", "{name}={target}");
            let page = alice.get(&format!("/login?{name}={}", target.trim())).await;
            assert!(!page.text().contains("evil"), "{name}={target}");
        }
    }
}

#[tokio::test]
async fn a_cookie_that_was_planted_before_the_sign_in_stays_somebody_elses() {
    let server = TestServer::start().await;
    let (mallory, alice) = (server.bob(), server.alice());
    mallory.sign_in().await;
    let planted = mallory.session_token();
    alice.keep(SESSION, &planted);
    alice.sign_in().await;
    assert_ne!(alice.session_token(), planted);
    assert!(!mallory.get("/").await.text().contains("Alice"));
    assert!(alice.get("/").await.text().contains("Alice"));
}

#[tokio::test]
async fn every_sign_in_gives_a_new_token_and_the_one_before_is_dead() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let mut before: Vec<String> = Vec::new();
    for _ in 0..3 {
        alice.sign_in().await;
        let token = alice.session_token();
        assert!(!before.contains(&token));
        for old in &before {
            let thief = Browser::new(&server);
            thief.keep(SESSION, old);
            assert!(!is_signed_in(&thief).await);
        }
        before.push(token);
    }
    assert!(is_signed_in(&alice).await);
}

#[tokio::test]
async fn a_cookie_that_is_not_ours_is_nobody() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let good = alice.session_token();
    let opaque = good.split_once('/').unwrap().1;
    let long = "a".repeat(8000);
    for bad in [
        "",
        "x",
        "alice/",
        opaque,
        &format!("bob/{opaque}"),
        &format!("{good}x"),
        &good[..good.len() - 1],
        "\u{e9}",
        &long,
    ] {
        let stranger = Browser::new(&server);
        stranger.keep(SESSION, bad);
        assert_eq!(stranger.get("/").await.location(), "/login", "{bad}");
    }
    let twice = Browser::new(&server);
    twice.keep("a", &format!("b; {SESSION}={good}; {SESSION}={good}"));
    assert!(!is_signed_in(&twice).await, "two cookies of one name");
}

/// Nobody is left signed in when somebody else signs in at the same browser.
#[tokio::test]
async fn of_two_people_at_one_browser_only_the_second_is_signed_in() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.alice(), server.bob());
    alice.sign_in().await;
    let first = alice.session_token();
    assert_eq!(attempt(&alice, "bob", &bob.password).await.location(), "/");
    assert!(alice.get("/").await.text().contains("Bob Builder"));
    let stale = Browser::new(&server);
    stale.keep(SESSION, &first);
    assert!(!is_signed_in(&stale).await, "the first one's session is over");
}

#[tokio::test]
async fn the_session_cookie_is_kept_from_scripts_other_sites_and_plain_http() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let mark = alice.get(&rp.authorize_url(&[])).await;
    let session = alice.sign_in().await;
    for (answer, expected) in [(mark, "__Host-argus_browser"), (session, SESSION)] {
        let (name, _, attributes) = answer.cookies().pop().unwrap();
        assert_eq!((name.as_str(), attributes.as_str()), (expected, " Path=/; HttpOnly; SameSite=Lax; Secure"));
    }
}

#[tokio::test]
async fn a_link_signs_nobody_out() {
    let server = TestServer::start().await;
    let alice: Person = server.alice();
    alice.sign_in().await;
    let page = alice.get("/logout").await;
    assert_eq!((page.status, page.cookies().len()), (200, 0));
    assert!(is_signed_in(&alice).await);
    alice.sign_out().await;
    assert!(!is_signed_in(&alice).await);
}
