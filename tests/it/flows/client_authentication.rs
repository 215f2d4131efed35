//! The token endpoint before it looks at any code: the form of a request, and which client it is from. RFC 6749 §2.3, §3.2, §5.2.

use crate::support::{
    relying_party::{RelyingParty, TOKEN},
    server::{Answer, TestServer, encoded, form, from, with},
};
use aggregates::client::ClientCommand;
use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::STANDARD};

const FORM: &str = "application/x-www-form-urlencoded";

fn body(content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(TOKEN).header("content-type", content_type).body(body.into()).unwrap()
}

fn basic(text: &str) -> String {
    format!("Basic {}", STANDARD.encode(text))
}

/// Everything of an answer but its own id.
fn all_but_id(mut answer: Answer) -> Answer {
    answer.headers.remove("x-request-id");
    answer
}

/// A redemption without any client credentials.
fn bare(rp: &RelyingParty, code: &str) -> Request<Body> {
    form(TOKEN, &rp.redemption(code))
}

#[tokio::test]
async fn only_a_well_formed_form_is_read() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let code = rp.authorize(&alice).await;
    let good = encoded(&rp.with_credentials(&rp.redemption(&code)));
    let before = server.count_events().await;
    for content_type in
        ["application/json", "text/plain", "multipart/form-data; boundary=x", "", "application/x-www-form-urlencoded2"]
    {
        let answer = server.call(body(content_type, good.clone())).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()), "{content_type}");
    }
    let bare = Request::post(TOKEN).body(good.clone().into()).unwrap();
    assert_eq!(server.call(bare).await.oauth_error(), (400, "invalid_request".to_owned()));
    let packed = with("content-encoding", "gzip", body(FORM, good.clone()));
    assert_eq!(server.call(packed).await.oauth_error(), (400, "invalid_request".to_owned()));
    for spoiler in [
        "grant_type=authorization_code",
        "%67rant_type=x",
        "code=x",
        "client_id=app",
        "x=1&x=2",
        "x=%zz",
        "x=%f",
        "x=%ff",
        "x=%00",
        "x=%c3%28",
    ] {
        let answer = server.call(body(FORM, format!("{good}&{spoiler}"))).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()), "{spoiler}");
    }
    for spoiler in [&b"&x=\xff\xfe"[..], b"&x=\0"] {
        let answer = server.call(body(FORM, [good.as_bytes(), spoiler].concat())).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()));
    }
    assert_eq!(server.count_events().await, before);
    let fine = body("Application/X-WWW-Form-Urlencoded; charset=UTF-8", format!("{good}&client_session_host=x&empty="));
    assert_eq!(server.call(fine).await.status, 200, "the code is still good");
}

#[tokio::test]
async fn a_form_has_64_kilobytes_at_most() {
    let server = TestServer::start().await;
    for size in [64 * 1024 + 1, 1024 * 1024] {
        let answer = server.call(body(FORM, format!("a={}", "a".repeat(size - 2)))).await;
        assert_eq!(answer.oauth_error(), (413, "invalid_request".to_owned()), "{size}");
    }
    let answer = server.call(body(FORM, format!("a={}", "a".repeat(64 * 1024 - 2)))).await;
    assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()), "read, but without a grant type");
}

#[tokio::test]
async fn tokens_are_not_asked_for_by_another_method() {
    let server = TestServer::start().await;
    for method in ["HEAD", "PUT", "DELETE", "PATCH"] {
        let answer = server.call(Request::builder().method(method).uri(TOKEN).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET,POST")), "{method}");
    }
    // With GET a token is verified, never issued.
    let answer = server.get(&format!("{TOKEN}?grant_type=client_credentials")).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn other_grant_types_are_not_supported() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    assert_eq!(rp.call(TOKEN, &[]).await.oauth_error(), (400, "invalid_request".to_owned()));
    for grant_type in [
        "password",
        "implicit",
        "Authorization_Code",
        "authorization_code ",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ] {
        let answer = rp.call(TOKEN, &[("grant_type", grant_type), ("username", "alice"), ("password", "x")]).await;
        assert_eq!(answer.oauth_error(), (400, "unsupported_grant_type".to_owned()), "{grant_type}");
    }
}

#[tokio::test]
async fn who_is_not_proven_gets_one_and_the_same_answer_and_spoils_no_code() {
    let server = TestServer::start().await;
    let (rp, gone, spa) =
        (server.confidential("app").await, server.confidential("gone").await, server.public("spa").await);
    server.tell_client(gone.id, ClientCommand::Delete).await;
    let alice = server.alice();
    let code = rp.authorize(&alice).await;
    let secret = rp.secret.clone().unwrap();
    let tried = |more: &[(&str, &str)]| form(TOKEN, &[&rp.redemption(&code), more].concat());
    let first = all_but_id(server.call(tried(&[("client_id", "app"), ("client_secret", "wrong")])).await);
    assert_eq!(first.oauth_error(), (401, "invalid_client".to_owned()));
    assert!(first.header("www-authenticate").unwrap().starts_with("Basic "));
    let (id, upper) = (rp.client_id(), rp.client_id().to_uppercase());
    let braces = format!("{{{id}}}");
    let mut requests = vec![
        tried(&[]),
        tried(&[("client_id", "app")]),
        tried(&[("client_id", "app"), ("client_secret", "")]),
        tried(&[("client_secret", &secret)]),
        tried(&[("client_id", "nobody"), ("client_secret", &secret)]),
        tried(&[("client_id", "gone"), ("client_secret", &secret)]),
        tried(&[("client_id", &gone.client_id()), ("client_secret", &secret)]),
        tried(&[("client_id", &upper), ("client_secret", &secret)]),
        tried(&[("client_id", &braces), ("client_secret", &secret)]),
        tried(&[("client_id", "app "), ("client_secret", &secret)]),
        tried(&[("client_id", &spa.short_name), ("client_secret", &secret)]),
        from("192.0.2.1", tried(&[("client_id", "app"), ("client_secret", &secret)])),
        from(
            "192.0.2.1",
            with("x-forwarded-for", "127.0.0.1", tried(&[("client_id", "app"), ("client_secret", &secret)])),
        ),
        with("authorization", &basic("app:wrong"), bare(&rp, &code)),
        with("authorization", &basic("app:"), bare(&rp, &code)),
        with("authorization", &basic("app"), bare(&rp, &code)),
        with("authorization", &basic(&format!(":{secret}")), bare(&rp, &code)),
        with("authorization", "Basic", bare(&rp, &code)),
        with("authorization", "Basic ***", bare(&rp, &code)),
        with("authorization", "Basic /////w==", bare(&rp, &code)),
        with("authorization", &basic(&format!("app:%zz{secret}")), bare(&rp, &code)),
        with("authorization", &format!("Bearer {secret}"), bare(&rp, &code)),
    ];
    let header = basic(&format!("app:{secret}"));
    requests.push(with("authorization", &header, with("authorization", &header, bare(&rp, &code))));
    let mut in_query = bare(&rp, &code);
    *in_query.uri_mut() = format!("{TOKEN}?client_id=app&client_secret={secret}").parse().unwrap();
    requests.push(in_query);
    for (at, request) in requests.into_iter().enumerate() {
        assert_eq!(all_but_id(server.call(request).await), first, "{at}");
    }
    assert_eq!(rp.try_redeem(&code).await.status, 200, "the code is still good");
}

#[tokio::test]
async fn two_ways_of_authentication_at_once_are_refused() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let secret = rp.secret.clone().unwrap();
    let header = basic(&format!("app:{secret}"));
    for more in [
        &[("client_secret", secret.as_str())][..],
        &[("client_id", "other")],
        &[("client_id", "app"), ("client_secret", &secret)],
    ] {
        let fields = [&[("grant_type", "refresh_token"), ("refresh_token", "x")], more].concat();
        let answer = server.call(with("authorization", &header, form(TOKEN, &fields))).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()), "{more:?}");
    }
}

#[tokio::test]
async fn what_is_refused_to_a_real_client_is_on_record_with_its_cause() {
    let server = TestServer::start().await;
    let (rp, spa) = (server.confidential("app").await, server.public("spa").await);
    let before = server.events().await.len();
    let stranger = form(TOKEN, &[("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", "nobody")]);
    server.call(stranger).await;
    let wrong = |id: &str| {
        form(
            TOKEN,
            &[("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", id), ("client_secret", "w")],
        )
    };
    server.call(wrong("app")).await;
    server.call(from("192.0.2.1", wrong("app"))).await;
    server.call(wrong("spa")).await;
    rp.try_refresh("junk").await;
    spa.try_redeem("junk").await;
    let events = server.events().await;
    let told: Vec<(String, String)> = events
        .iter()
        .skip(before)
        .map(|event| {
            let refused = &event["payload"]["refused"];
            (refused["step"].as_str().unwrap().to_owned(), refused["reason"].as_str().unwrap().to_owned())
        })
        .collect();
    let expected = [
        ("refresh_token", "client_not_authenticated"),
        ("refresh_token", "address_outside_ranges"),
        ("refresh_token", "client_not_authenticated"),
        ("refresh_token", "invalid_grant"),
        ("authorization_code", "invalid_grant"),
    ];
    assert_eq!(told, expected.map(|(step, reason)| (step.to_owned(), reason.to_owned())));
}

#[tokio::test]
async fn a_flood_of_refusals_does_not_fill_the_log() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let before = server.count_events().await;
    for _ in 0..50 {
        rp.try_refresh("junk").await;
    }
    assert_eq!(server.count_events().await, before + 10);
    server.wait(60);
    rp.try_refresh("junk").await;
    let events = server.events().await;
    let counts: Vec<i64> =
        events.iter().rev().take(2).map(|event| event["payload"]["refused"]["count"].as_i64().unwrap()).collect();
    assert_eq!(counts, [1, 40], "the rest is one event with a count");
}

#[tokio::test]
async fn basic_credentials_and_either_name_of_the_client_are_good() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app:x.y").await, server.alice());
    let secret = rp.secret.clone().unwrap();
    for id in [rp.client_id(), rp.short_name.clone()] {
        let code = rp.authorize(&alice).await;
        let header = basic(&format!("{}:{secret}", id.replace(':', "%3A")));
        assert_eq!(server.call(with("authorization", &header, bare(&rp, &code))).await.status, 200, "{id}");
        let code = rp.authorize(&alice).await;
        let fields = [&rp.redemption(&code)[..], &[("client_id", &id), ("client_secret", &secret)]].concat();
        let answer = server.call(form(TOKEN, &fields)).await;
        assert_eq!(answer.status, 200, "{id}");
        assert_eq!((answer.header("cache-control"), answer.header("pragma")), (Some("no-store"), Some("no-cache")));
    }
}
