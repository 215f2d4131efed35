//! Headers that proxies write, and others write too: which of them say where a caller is, who is believed about a user's address,
//! and that none says what this server is called or what is asked of it.

use super::scripts::{SCRIPT, issue};
use crate::support::{
    directory,
    relying_party::{INTROSPECT, RelyingParty, TOKEN, ranges, userinfo},
    server::{Answer, TestServer, form, from, with},
};
use axum::{body::Body, http::Request};

const PROXY: &str = "10.0.0.1";
const CALLER: &str = "203.0.113.9";
const OTHER: &str = "198.51.100.66";
const WHERE: &str = "/authentication/v1/client";

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn bearer(path: &str, token: &str) -> Request<Body> {
    with("authorization", &format!("Bearer {token}"), get(path))
}

async fn behind_a_proxy() -> TestServer {
    TestServer::start_with(|config| config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()]).await
}

/// A client for scripts that takes calls from everywhere, and a token that its script got.
async fn with_token(server: &TestServer, name: &str, range: &str) -> (RelyingParty, String) {
    let rp = server.client(name, |definition| definition.ip_ranges = ranges(&[range])).await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &[SCRIPT]).await;
    let token = issue(&rp, &key, &[("scope", "openid")]).await["access_token"].as_str().unwrap().to_owned();
    (rp, token)
}

#[tokio::test]
async fn what_one_client_asserts_of_anothers_token_is_not_believed() {
    let server = TestServer::start().await;
    let (owner, token) = with_token(&server, "owner", "0.0.0.0/0").await;
    let other = server.client("other", |definition| definition.ip_ranges = ranges(&["0.0.0.0/0"])).await;
    let asking = |rp: &RelyingParty, asserted| {
        with("x-forwarded-for", asserted, form(INTROSPECT, &rp.with_credentials(&[("token", &token)])))
    };
    let events = server.count_events().await;
    for asserted in [SCRIPT, CALLER, "unknown"] {
        let refused = other.send(asking(&other, asserted)).await;
        assert_eq!((refused.status, refused.text().as_str()), (200, "{\"active\":false}"), "{asserted}");
    }
    assert_eq!(server.count_events().await, events, "nothing is said of the owner's token");
    let own = owner.send(asking(&owner, SCRIPT)).await.json();
    assert_eq!(own["active"], true);

    // Where nobody authenticates, whoever is outside of the owner's range is believed nothing.
    let (near, token) = with_token(&server, "near", "127.0.0.3/32").await;
    for path in [TOKEN, "/authentication/v1/session"] {
        let asking = |ip| with("x-forwarded-for", SCRIPT, from(ip, bearer(path, &token)));
        assert_eq!(server.call(asking("127.0.0.1")).await.status, 401, "the other client's place at {path}");
        assert_eq!(near.server.call(asking("127.0.0.3")).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn no_other_header_says_where_a_caller_is() {
    let server = behind_a_proxy().await;
    let (_, token) = with_token(&server, "app", "127.0.0.3/32").await;
    let seen = async |request| server.call(from(PROXY, request)).await.json()["data"]["clientIP"].clone();
    for name in [
        "x-real-ip",
        "true-client-ip",
        "cf-connecting-ip",
        "x_forwarded_for",
        "x-client-ip",
        "x-cluster-client-ip",
        "fastly-client-ip",
        "x-originating-ip",
        "x-remote-ip",
        "x-forwarded",
        "forwarded-for",
        "client-ip",
        "via",
    ] {
        let named = with(name, OTHER, get(WHERE));
        assert_eq!(seen(named).await, PROXY, "{name} alone");
        let beside = with("x-forwarded-for", CALLER, with(name, OTHER, get(WHERE)));
        assert_eq!(seen(beside).await, CALLER, "{name} beside the other");
        let stolen = with("x-forwarded-for", CALLER, with(name, SCRIPT, userinfo(&token)));
        assert_eq!(server.call(from(PROXY, stolen)).await.status, 401, "{name}");
    }
    // Two that are read have to agree.
    for (forwarded, status) in [("for=203.0.113.9", 200), ("for=198.51.100.66", 400)] {
        let both = with("forwarded", forwarded, with("x-forwarded-for", CALLER, userinfo(&token)));
        let answer = server.call(from(PROXY, both)).await;
        assert_eq!(answer.status == 400, status == 400, "{forwarded}: {}", answer.status);
    }
}

#[tokio::test]
async fn of_several_forwarded_addresses_the_one_next_to_the_caller_counts() {
    const APPLICATION: &str = "127.0.0.3";
    let server = behind_a_proxy().await;
    let (_, token) = with_token(&server, "app", "127.0.0.3/32").await;
    for (chain, works) in [
        ("203.0.113.9, 198.51.100.66, 127.0.0.2", true),
        ("unknown, junk, 127.0.0.2", true),
        ("127.0.0.2, 198.51.100.66, 203.0.113.9", false),
        ("198.51.100.66, 127.0.0.2, 203.0.113.9", false),
        ("127.0.0.2, 127.0.0.2, unknown", false),
        ("127.0.0.2,", false),
    ] {
        for path in [TOKEN, "/authentication/v1/session"] {
            let asking = |chain: &str| with("x-forwarded-for", chain, bearer(path, &token));
            let direct = server.call(from(APPLICATION, asking(chain))).await;
            assert_eq!(direct.status, if works { 200 } else { 401 }, "{chain} at {path}");
            let through = server.call(from(PROXY, asking(&format!("{chain}, {APPLICATION}")))).await;
            assert_eq!(through.status, direct.status, "{chain} through the proxy at {path}");
        }
    }
}

/// Headers by which some servers believe to be called otherwise, or to be asked for something else.
const MISLEADING: [(&str, &str); 12] = [
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-server", "evil.example"),
    ("x-forwarded-proto", "http"),
    ("x-forwarded-scheme", "http"),
    ("x-forwarded-port", "666"),
    ("x-forwarded-prefix", "/evil"),
    ("forwarded", "for=127.0.0.1;host=evil.example;proto=http"),
    ("x-original-uri", "/evil"),
    ("x-forwarded-uri", "/evil"),
    ("x-original-url", "/evil"),
    ("x-rewrite-url", "/evil"),
    ("x-http-method-override", "DELETE"),
];

#[tokio::test]
async fn no_header_changes_a_link_the_issuer_or_the_route() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let alice = server.alice();
    let tokens = rp.tokens_for(&alice).await;
    let session = alice.session_token();
    let lasting_requests = || {
        [
            get("/.well-known/openid-configuration"),
            get("/.well-known/oauth-authorization-server"),
            get("/docs/api/openapi.json"),
            get("/health"),
            userinfo(&tokens.access),
            bearer("/currentuser/v1/user", &session),
        ]
    };
    for (name, value) in MISLEADING {
        for (plain, misled) in lasting_requests().into_iter().zip(lasting_requests()) {
            let path = plain.uri().to_string();
            let (plain, misled) = (server.call(plain).await, server.call(with(name, value, misled)).await);
            assert_eq!((misled.status, misled.text()), (plain.status, plain.text()), "{name} at {path}");
        }
        // What differs each time: the way to the login page, the page and its cookies.
        for path in [rp.authorize_url(&[]), "/login".to_owned(), "/".to_owned(), "/nothing".to_owned()] {
            let (plain, misled) = (server.get(&path).await, server.call(with(name, value, get(&path))).await);
            assert_eq!(misled.status, plain.status, "{name} at {path}");
            let said = format!("{:?} {}", misled.headers, misled.text());
            assert!(!said.contains("evil") && !said.contains("http://") && !said.contains(":666"), "{name}: {said}");
            let attributes = |answer: &Answer| answer.cookies().into_iter().map(|cookie| cookie.2).collect::<Vec<_>>();
            assert_eq!(attributes(&misled), attributes(&plain), "{name} at {path}");
        }
    }
}

#[tokio::test]
async fn a_request_for_another_host_is_misdirected_whatever_it_asks() {
    let server = TestServer::start().await;
    let token = server.confidential("app").await.tokens_for(&server.alice()).await.access;
    for host in
        ["evil.example", "idp.example.evil.example", "evil.example:443", "idp.example:8443", "user@idp.example", ""]
    {
        for path in ["/", "/login", "/.well-known/openid-configuration", "/authentication/v1/session", "/nothing"] {
            let answer = server.call(with("host", host, bearer(path, &token))).await;
            assert_eq!((answer.status, answer.text().as_str()), (421, ""), "{host} at {path}");
        }
    }
    for host in ["idp.example", "IDP.example", "idp.example:443"] {
        assert_eq!(server.call(with("host", host, userinfo(&token))).await.status, 200, "{host}");
    }
}
