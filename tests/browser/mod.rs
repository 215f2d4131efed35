//! What people see: real headless Chromium against `argus demo`, with scripts and without.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

pub(crate) mod demo;
mod support;

use demo::Demo;
use support::{Browser, Scripts};

/// May use the demo's relying party.
const PERMITTED: &str = "alice";
/// Holds the function of another client only.
const REFUSED: &str = "bob";

/// From the relying party to the sign-in page of the server.
async fn leave_to_sign_in(browser: &Browser, demo: &Demo) {
    browser.go(&demo.after("Relying party:")).await;
    browser.press("Sign in with Argus").await;
    browser.arrives_at("Sign in to continue to").await;
}

async fn sign_in(browser: &Browser, user: &str, password: &str) {
    browser.fill("User name", user).await;
    browser.fill("Password", password).await;
    browser.press("Sign in").await;
}

async fn claims(browser: &Browser) -> Vec<String> {
    browser.texts("tbody th").await
}

/// The whole story of a person who may use the application.
async fn from_sign_in_to_sign_out(scripts: Scripts) {
    let demo = Demo::start();
    let (argus, application) = (demo.after("Argus:"), demo.after("Relying party:"));
    let browser = Browser::open(scripts).await;

    leave_to_sign_in(&browser, &demo).await;
    assert!(browser.address().await.starts_with(&argus));
    assert!(browser.title().await.starts_with("Sign in to "));

    sign_in(&browser, PERMITTED, "not the password").await;
    assert!(browser.text("[role=alert]").await.starts_with("The user name or the password is not right."));
    assert!(browser.title().await.starts_with("Error: "));

    sign_in(&browser, PERMITTED, &demo.password(PERMITTED)).await;
    browser.arrives_at("Hello, ").await;
    assert!(browser.address().await.starts_with(&application), "no code is left in the address");
    for claim in ["sub", "name", "email", "groups", "customer_shortname"] {
        assert!(claims(&browser).await.iter().any(|shown| shown == claim), "{claim}");
    }

    browser.press("Refresh tokens").await;
    assert!(browser.text("[role=status]").await.starts_with("Refreshed 1 time"));

    browser.go(&argus).await;
    browser.arrives_at("Welcome, ").await;
    browser.press("Sign out").await;
    browser.arrives_at("You are signed out").await;

    browser.go(&application).await;
    browser.press("Refresh tokens").await;
    browser.arrives_at("Your sign-in is over").await;
    assert!(browser.text("[role=alert]").await.contains("invalid_grant"));
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_person_signs_in_refreshes_and_signs_out_with_scripts() {
    from_sign_in_to_sign_out(Scripts::On).await;
}

#[tokio::test]
async fn a_person_signs_in_refreshes_and_signs_out_without_scripts() {
    from_sign_in_to_sign_out(Scripts::Off).await;
}

#[tokio::test]
async fn a_person_without_the_function_is_sent_back_refused_and_is_not_shown_the_application() {
    let demo = Demo::start();
    let browser = Browser::open(Scripts::Off).await;
    browser.go(&demo.after("Relying party:")).await;
    let application = browser.texts("h1").await.remove(0);

    leave_to_sign_in(&browser, &demo).await;
    sign_in(&browser, REFUSED, &demo.password(REFUSED)).await;
    browser.arrives_at("You may not use this application").await;
    assert!(browser.address().await.starts_with(&demo.after("Relying party:")));
    assert!(browser.text("[role=alert]").await.contains("access_denied"));

    browser.go(&demo.after("Argus:")).await;
    browser.arrives_at("Welcome, ").await;
    let tiles = browser.texts(".tile").await;
    assert!(!tiles.is_empty() && !tiles.iter().any(|tile| tile.contains(&application)), "{tiles:?}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn signing_out_of_the_application_signs_out_of_the_server() {
    let demo = Demo::start();
    let browser = Browser::open(Scripts::Off).await;
    leave_to_sign_in(&browser, &demo).await;
    sign_in(&browser, PERMITTED, &demo.password(PERMITTED)).await;
    browser.arrives_at("Hello, ").await;

    browser.press("Sign out").await;
    browser.arrives_at("You are signed out").await;
    browser.go(&demo.after("Argus:")).await;
    browser.arrives_at("Sign in").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn an_unproven_redirect_uri_ends_on_our_own_page() {
    let demo = Demo::start();
    let argus = demo.after("Argus:");
    let browser = Browser::open(Scripts::Off).await;
    let evil = "response_type=code&client_id=nobody&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2F&scope=openid&state=s";
    browser.go(&format!("{}/oauth2/authorize?{evil}", argus.trim_end_matches('/'))).await;
    browser.arrives_at("This sign-in cannot be trusted").await;
    assert!(browser.address().await.starts_with(&argus));
}

#[tokio::test]
async fn the_api_can_be_read_and_tried() {
    let demo = Demo::start();
    let browser = Browser::open(Scripts::On).await;
    browser.go(&format!("{}/docs/api#/Operation%20of%20the%20server/getHealth", demo.after("Argus:"))).await;
    assert!(browser.text(".info .title").await.starts_with("Argus identity provider"));
    assert!(browser.texts(".opblock-tag").await.len() > 3);
    browser.text(".try-out__btn").await;
    browser.press("Try it out").await;
    browser.press("Execute").await;
    assert_eq!(browser.text(".live-responses-table .response .response-col_status").await, "200");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
