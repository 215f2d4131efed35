//! The authorization request: what is refused, where that is told, and what is left untouched on the way. RFC 6749 §4.1, RFC 7636,
//! RFC 9207, OpenID Connect Core §3.1.2.

use crate::support::{
    relying_party::{CHALLENGE, REDIRECT_URI, RelyingParty, STATE},
    server::{Answer, ISSUER, TestServer, form, with},
};
use aggregates::{client::ClientCommand, values::PermittedScopes};
use axum::{body::Body, http::Request};

/// The error that was told to the relying party, and all that goes with it.
#[track_caller]
pub(super) fn told(answer: &Answer) -> String {
    let location = answer.location();
    assert!(location.starts_with(&format!("{REDIRECT_URI}?")) && location.ends_with('#'), "{location}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.location_parameter("state").as_deref(), Some(STATE), "{location}");
    assert_eq!(answer.location_parameter("iss").as_deref(), Some(ISSUER));
    assert_eq!(answer.location_parameter("code"), None, "{location}");
    answer.location_parameter("error").unwrap_or_default()
}

/// The page for whatever is not proven, without its reference number.
#[track_caller]
fn unproven(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("location")), (400, None), "{}", answer.text());
    assert!(answer.cookies().is_empty());
    let reference = answer.header("x-request-id").map(str::to_owned).unwrap_or_default();
    let page = answer.text();
    assert!(page.contains(&reference));
    page.replace(&reference, "")
}

#[tokio::test]
async fn an_unproven_client_or_redirect_uri_gets_our_own_page_byte_for_byte_the_same() {
    let server = TestServer::start().await;
    let (rp, deleted, alice) = (server.confidential("app").await, server.confidential("gone").await, server.alice());
    server.tell_client(deleted.id, ClientCommand::Delete).await;
    alice.sign_in().await;
    let before = server.count_events().await;
    let page = unproven(&alice.get(&rp.authorize_url(&[("client_id", "nobody")])).await);
    let urls = [
        deleted.authorize_url(&[]),
        rp.authorize_url(&[("client_id", "")]),
        rp.authorize_url(&[("client_id", "%")]),
        rp.authorize_url(&[("client_id", &rp.client_id().to_uppercase())]),
        rp.authorize_url(&[("redirect_uri", "")]),
        format!("{}&client_id=app", rp.authorize_url(&[])),
        format!("{}&%63lient_id={}", rp.authorize_url(&[]), rp.client_id()),
        format!("{}&redirect_uri=https%3A%2F%2Fevil.example%2F", rp.authorize_url(&[])),
        format!("{}&x=%zz", rp.authorize_url(&[])),
        format!("{}&x=%ff", rp.authorize_url(&[])),
        format!("{}&x=%00", rp.authorize_url(&[])),
        format!("{}&x={}", rp.authorize_url(&[]), "a".repeat(16 * 1024)),
        "/oauth2/authorize".to_owned(),
    ];
    for url in urls {
        assert_eq!(unproven(&alice.get(&url).await), page, "{url}");
    }
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn only_the_registered_bytes_are_a_redirect_uri() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    alice.sign_in().await;
    for other in [
        "https://app.example/callback/",
        "https://app.example/callback?",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://app.example/callback%20",
        "https://app.example/callbac%6B",
        "https://app.example/Callback",
        "HTTPS://app.example/callback",
        "https://APP.example/callback",
        "https://app.example:443/callback",
        "https://app.example/x/../callback",
        "https://app.example//callback",
        "https://app.example/callback;a=b",
        "https:\\\\app.example\\callback",
        "https:app.example/callback",
        "https://app.example.evil.example/callback",
        "https://evilapp.example/callback",
        "https://app.example@evil.example/callback",
        "https://user@app.example/callback",
        "https://appXexample/callback",
        "http://app.example/callback",
        "//app.example/callback",
        "javascript:alert(1)//https://app.example/callback",
        " https://app.example/callback",
        "https://app.example/callback\t",
        "https://app.example/call\nback",
        "*",
    ] {
        // An error that would be told to a proven redirect URI must not be told before that.
        for more in [&[][..], &[("prompt", "none")], &[("scope", "\"")], &[("response_type", "token")]] {
            let changes = [&[("redirect_uri", other)], more].concat();
            unproven(&alice.get(&rp.authorize_url(&changes)).await);
        }
    }
}

#[tokio::test]
async fn a_mistake_of_a_proven_client_is_told_at_its_redirect_uri() {
    let server = TestServer::start().await;
    let only = |texts: &[&str]| PermittedScopes::listed(texts.iter().map(|text| text.parse().unwrap()).collect());
    let rp = server.client("app", |definition| definition.permitted_scopes = only(&["openid", "profile"])).await;
    let alice = server.alice();
    alice.sign_in().await;
    let before = server.count_events().await;
    let long = "n".repeat(1001);
    for (changes, error) in [
        (&[("response_type", "")][..], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_type", "id_token")], "unsupported_response_type"),
        (&[("response_type", "code token")], "unsupported_response_type"),
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_type", "none")], "unsupported_response_type"),
        (&[("response_mode", "fragment")], "invalid_request"),
        (&[("response_mode", "form_post")], "invalid_request"),
        (&[("response_mode", "web_message")], "invalid_request"),
        (&[("request", "eyJhbGciOiJub25lIn0.e30.")], "request_not_supported"),
        (&[("request_uri", "http://169.254.169.254/")], "request_uri_not_supported"),
        (&[("scope", "openid email")], "invalid_scope"),
        (&[("scope", "openid \"")], "invalid_scope"),
        (&[("scope", "openid\u{e9}")], "invalid_scope"),
        (&[("code_challenge", CHALLENGE)], "invalid_request"),
        (&[("code_challenge", CHALLENGE), ("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge", CHALLENGE), ("code_challenge_method", "s256")], "invalid_request"),
        (&[("code_challenge", &CHALLENGE[1..]), ("code_challenge_method", "S256")], "invalid_request"),
        (&[("code_challenge", &format!("{CHALLENGE}=")), ("code_challenge_method", "S256")], "invalid_request"),
        (&[("code_challenge", &CHALLENGE.replace('-', "+")), ("code_challenge_method", "S256")], "invalid_request"),
        (&[("code_challenge_method", "S256")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "create")], "invalid_request"),
        (&[("prompt", "NONE")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("max_age", "+1")], "invalid_request"),
        (&[("max_age", "soon")], "invalid_request"),
        (&[("max_age", "1.5")], "invalid_request"),
        (&[("max_age", "9223372036854775808")], "invalid_request"),
        (&[("nonce", &long)], "invalid_request"),
    ] {
        assert_eq!(told(&alice.get(&rp.authorize_url(changes)).await), error, "{changes:?}");
    }
    for repeated in
        ["scope=openid", "response_type=code", "%73cope=openid", "nonce=x", "unknown=1&unknown=2", "prompt=&prompt="]
    {
        let url = format!("{}&{repeated}", rp.authorize_url(&[]));
        assert_eq!(told(&alice.get(&url).await), "invalid_request", "{repeated}");
    }
    let events = server.events().await;
    assert!(events.len() as i64 > before);
    for event in events.iter().skip(usize::try_from(before).unwrap()) {
        let refused = &event["payload"]["refused"];
        assert_eq!((&refused["step"], &refused["client"]), (&"authorize".into(), &rp.client_id().into()), "{event}");
    }
}

#[tokio::test]
async fn a_public_client_must_send_a_challenge() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.public("spa").await, server.alice());
    alice.sign_in().await;
    for changes in [
        &[("code_challenge", ""), ("code_challenge_method", "")][..],
        &[("code_challenge", "")],
        &[("code_challenge_method", "")],
        &[("code_challenge_method", "plain")],
    ] {
        assert_eq!(told(&alice.get(&rp.authorize_url(changes)).await), "invalid_request", "{changes:?}");
    }
}

#[tokio::test]
async fn without_a_sign_in_prompt_none_is_told_so_and_nothing_is_begun() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let before = server.count_events().await;
    let answer = alice.get(&rp.authorize_url(&[("prompt", "none")])).await;
    assert_eq!(told(&answer), "login_required");
    assert!(answer.cookies().is_empty());
    let last = server.events().await.pop().unwrap();
    assert_eq!(
        (server.count_events().await, &last["payload"]["refused"]["reason"]),
        (before + 1, &"login_required".into())
    );
    alice.sign_in().await;
    server.wait(10);
    let stale = alice.get(&rp.authorize_url(&[("prompt", "none"), ("max_age", "5")])).await;
    assert_eq!(told(&stale), "login_required");
    let answer = alice.get(&rp.authorize_url(&[("prompt", "none")])).await;
    assert!(answer.location_parameter("code").is_some());
}

#[tokio::test]
async fn a_state_that_was_sent_twice_is_not_sent_back() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let answer = alice.get(&format!("{}&state=other", rp.authorize_url(&[]))).await;
    assert_eq!(answer.location_parameter("error").as_deref(), Some("invalid_request"));
    assert_eq!(answer.location_parameter("state"), None);
}

#[tokio::test]
async fn state_comes_back_byte_for_byte_and_can_break_out_of_nothing() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    alice.sign_in().await;
    let long = "s".repeat(2000);
    for state in ["\"><script>alert(1)</script>", "a b+c&d=e#f", "\r\nSet-Cookie: a=b", "%0d%0a", "\u{1f511}é", &long]
    {
        let answer = alice.get(&rp.authorize_url(&[("state", state)])).await;
        assert_eq!(answer.location_parameter("state").as_deref(), Some(state));
        assert_eq!(answer.location_parameter("iss").as_deref(), Some(ISSUER));
        assert!(answer.location_parameter("code").is_some());
        assert!(answer.cookies().is_empty());
        let error = alice.get(&rp.authorize_url(&[("state", state), ("response_type", "token")])).await;
        assert_eq!(error.location_parameter("state").as_deref(), Some(state));
    }
    let silent = alice.get(&rp.authorize_url(&[("state", "")])).await;
    assert_eq!(silent.location_parameter("state"), None);
}

/// `HEAD` and preflights have no effect, no other site may read an answer, and only forms are taken.
#[tokio::test]
async fn only_get_and_post_of_forms_do_anything() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    alice.sign_in().await;
    let before = server.count_events().await;
    for method in ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let request = Request::builder().method(method).uri(rp.authorize_url(&[])).body(Body::empty()).unwrap();
        let answer = alice.send(with("origin", "https://evil.example", request)).await;
        assert_eq!(answer.status, 405, "{method}");
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{method}");
    }
    for content_type in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
        let request =
            Request::post("/oauth2/authorize").header("content-type", content_type).body("{}".into()).unwrap();
        let answer = alice.send(request).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{content_type}");
    }
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn a_post_from_another_site_goes_on_as_a_get_with_every_parameter() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    alice.sign_in().await;
    let answer = alice.send(with("sec-fetch-site", "cross-site", post(&rp, &[]))).await;
    let next = answer.location().to_owned();
    assert!(next.starts_with("/oauth2/authorize?"), "{next}");
    assert!(alice.get(&next).await.location_parameter("code").is_some());
    let repeated = alice.send(post(&rp, &[("scope", "openid"), ("scope", "profile")])).await;
    assert_eq!(told(&alice.get(repeated.location()).await), "invalid_request", "as with GET");
}

fn post(rp: &RelyingParty, more: &[(&str, &str)]) -> Request<Body> {
    let url = rp.authorize_url(&[]);
    let query = url.split_once('?').map(|(_, query)| query.to_owned()).unwrap();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend_from_slice(more);
    form("/oauth2/authorize", &fields)
}

#[tokio::test]
async fn what_is_not_known_is_ignored() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    alice.sign_in().await;
    let locales = "en ".repeat(1000);
    let url =
        rp.authorize_url(&[("ui_locales", &locales), ("acr_values", "x"), ("id_token_hint", "a.b.c"), ("foo", "1")]);
    assert!(alice.get(&url).await.location_parameter("code").is_some());
}
