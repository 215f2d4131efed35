//! Userinfo: which bearer, from which address, for which claims. OpenID Connect Core §5.3, RFC 6750.

use super::discovery::claims;
use crate::support::{
    relying_party::{Tokens, USERINFO, userinfo},
    server::{Answer, TestServer, form, from, json as json_request, with},
};
use aggregates::values::{ClaimSource, ClaimValue, CustomClaim, UserAttribute};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const INVALID_TOKEN: &str = "Bearer realm=\"argus\", error=\"invalid_token\"";

#[track_caller]
fn invalid_token(answer: &Answer, why: &str) {
    assert_eq!(answer.oauth_error(), (401, "invalid_token".to_owned()), "{why}");
    assert_eq!(answer.header("www-authenticate"), Some(INVALID_TOKEN), "{why}");
}

#[tokio::test]
async fn without_a_bearer_token_in_the_header_there_is_a_bare_challenge() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    for request in [
        Request::get(USERINFO).body(Body::empty()).unwrap(),
        Request::get(format!("{USERINFO}?access_token={}", tokens.access)).body(Body::empty()).unwrap(),
        form(USERINFO, &[("access_token", &tokens.access)]),
        with("authorization", "Basic YTpi", Request::get(USERINFO).body(Body::empty()).unwrap()),
        with(
            "cookie",
            &format!("argus_session={}", alice.session_token()),
            Request::get(USERINFO).body(Body::empty()).unwrap(),
        ),
        with("argus-api-key", &server.directory.admin_key, Request::get(USERINFO).body(Body::empty()).unwrap()),
    ] {
        let answer = server.call(request).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer realm=\"argus\"")));
    }
}

#[tokio::test]
async fn two_authorization_headers_are_one_too_many() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let twice = with("authorization", &format!("Bearer {}", tokens.access), userinfo(&tokens.access));
    assert_eq!(server.call(twice).await.oauth_error(), (400, "invalid_request".to_owned()));
    let joined = userinfo(&format!("{}, Bearer {}", tokens.access, tokens.access));
    invalid_token(&server.call(joined).await, "joined by a comma");
}

#[tokio::test]
async fn only_a_whole_access_token_is_an_access_token() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let code = rp.authorize(&alice).await;
    let tokens = rp.tokens_for(&alice).await;
    let opaque = tokens.access.split_once('/').unwrap().1.to_owned();
    let long = "a".repeat(10_000);
    for other in [
        tokens.id_token.as_deref().unwrap(),
        &tokens.refresh,
        &format!("alice/{}", tokens.refresh),
        &code,
        &format!("alice/{code}"),
        &alice.session_token(),
        &server.directory.admin_key,
        &opaque,
        &format!("bob/{opaque}"),
        &format!("Alice/{opaque}"),
        &format!("alice//{opaque}"),
        &format!("alice%2F{opaque}"),
        &format!("/{opaque}"),
        &format!("{long}/{opaque}"),
        &tokens.access[..tokens.access.len() - 1],
        &format!("{}A", tokens.access),
        &tokens.access.to_uppercase(),
        "",
        "x",
    ] {
        invalid_token(&server.call(userinfo(other)).await, other);
    }
    assert_eq!(rp.userinfo(&tokens.access).await.status, 200);
}

#[tokio::test]
async fn a_token_is_used_from_its_clients_addresses_only() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice().at("203.0.113.9"));
    let tokens = rp.tokens_for(&alice).await;
    let asserting = |text: &'static str| with("x-forwarded-for", text, userinfo(&tokens.access));
    invalid_token(&server.call(from("192.0.2.1", userinfo(&tokens.access))).await, "another address");
    invalid_token(&server.call(from("203.0.113.9", userinfo(&tokens.access))).await, "the browser itself");
    for header in ["203.0.113.9", "127.0.0.1", "127.0.0.1, 203.0.113.9"] {
        invalid_token(&server.call(from("192.0.2.1", asserting(header))).await, "a header from elsewhere says nothing");
    }
    for header in
        ["203.0.113.10", "127.0.0.1", "unknown", "203.0.113.9:80", "", "203.0.113.9,", "203.0.113.9, 198.51.100.1"]
    {
        invalid_token(&server.call(asserting(header)).await, header);
    }
    for ignored in ["forwarded", "x-real-ip", "true-client-ip", "cf-connecting-ip"] {
        let answer = server.call(from("192.0.2.1", with(ignored, "127.0.0.1", userinfo(&tokens.access)))).await;
        invalid_token(&answer, ignored);
    }
    for request in [
        userinfo(&tokens.access),
        from("10.1.2.3", userinfo(&tokens.access)),
        from("::ffff:10.1.2.3", userinfo(&tokens.access)),
        asserting("203.0.113.9"),
        asserting("::ffff:203.0.113.9"),
    ] {
        assert_eq!(server.call(request).await.status, 200);
    }
}

#[tokio::test]
async fn a_client_that_must_name_its_users_address_must() {
    let server = TestServer::start().await;
    let rp = server.client("app", |definition| definition.require_same_client_ip = true).await;
    let tokens = rp.tokens_for(&server.alice().at("203.0.113.9")).await;
    invalid_token(&server.call(userinfo(&tokens.access)).await, "nothing was named");
    let named = with("x-forwarded-for", "203.0.113.9", userinfo(&tokens.access));
    assert_eq!(server.call(named).await.status, 200);
}

#[tokio::test]
async fn a_token_that_is_not_for_openid_is_not_enough() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await.asking_for("profile email"), server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let answer = rp.userinfo(&tokens.access).await;
    assert_eq!(answer.oauth_error(), (403, "insufficient_scope".to_owned()));
    assert!(answer.header("www-authenticate").unwrap().contains("insufficient_scope"));
}

/// What both places say; they must agree.
async fn told(server: &TestServer, tokens: &Tokens) -> Value {
    let told = server.call(userinfo(&tokens.access)).await.json();
    let id_token = claims(tokens.id_token.as_deref().unwrap());
    for (name, value) in told.as_object().unwrap() {
        assert_eq!(&id_token[name], value, "{name} in the id_token");
    }
    told
}

#[tokio::test]
async fn each_scope_releases_its_claims_and_no_others() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice().at("203.0.113.9"));
    let sub = server.directory.alice.to_string();
    let picture = format!("https://idp.example/users/v2/user/{sub}/picture");
    for (scope, expected) in [
        ("openid", json!({})),
        (
            "openid profile",
            json!({ "username": "alice", "preferred_username": "alice", "name": "Alice Liddell", "picture": picture }),
        ),
        ("openid email", json!({ "email": "alice@mail.example", "email_verified": false })),
        ("openid phone", json!({ "phone": "+4722000001" })),
        ("openid groups", json!({ "groups": ["acme-analysts", "globex-friends"] })),
        ("openid groupstring", json!({ "groupstring": "[\"acme-analysts\",\"globex-friends\"]" })),
        ("openid clientip", json!({ "client_ip": "203.0.113.9" })),
        ("openid unheard-of", json!({})),
    ] {
        let mut expected = expected;
        expected["sub"] = json!(sub);
        let rp = RelyingPartyAsking { rp: &rp, scope };
        assert_eq!(told(&server, &rp.tokens_for(&alice).await).await, expected, "{scope}");
    }
    let tokens = RelyingPartyAsking { rp: &rp, scope: "openid customer" }.tokens_for(&alice).await;
    let customer = told(&server, &tokens).await;
    assert_eq!((&customer["customer_shortname"], &customer["customer_name"]), (&json!("acme"), &json!("Acme Ltd")));
    assert!(customer["customer_id"].is_i64() && customer["domain_id"].is_i64());
}

/// One client, asking for different scopes.
struct RelyingPartyAsking<'a> {
    rp: &'a crate::support::relying_party::RelyingParty,
    scope: &'a str,
}

impl RelyingPartyAsking<'_> {
    async fn tokens_for(&self, person: &crate::support::people::Person) -> Tokens {
        self.rp.redeem(&self.rp.authorize_with(person, &[("scope", self.scope)]).await).await
    }
}

#[tokio::test]
async fn a_client_of_one_customer_hears_of_no_other() {
    let server = TestServer::start().await;
    let (acme, globex) = (server.directory.acme, server.directory.globex);
    let everything = "openid profile email phone groups groupstring customer clientip";
    let rp = server.client("app", |definition| definition.customer = Some(acme)).await.asking_for(everything);
    let alice = server.alice();
    let told_to_acme = told(&server, &rp.tokens_for(&alice).await).await;
    assert_eq!(told_to_acme["groups"], json!(["acme-analysts"]));
    assert!(!told_to_acme.to_string().to_lowercase().contains("globex"), "{told_to_acme}");
    // Her own customer is outside of this client's: it hears of its own alone.
    crate::support::directory::grant(&server.idp, &server.directory, alice.id, "analyst", Some("globex")).await;
    let rp = server.client("other", |definition| definition.customer = Some(globex)).await.asking_for(everything);
    let told_to_globex = told(&server, &rp.tokens_for(&alice).await).await;
    assert_eq!(
        (&told_to_globex["groups"], &told_to_globex["customer_shortname"]),
        (&json!(["globex-friends"]), &json!("globex"))
    );
    assert!(!told_to_globex.to_string().to_lowercase().contains("acme"), "{told_to_globex}");
}

#[tokio::test]
async fn custom_claims_come_with_their_scope() {
    let server = TestServer::start().await;
    let (held, unheld) = (server.directory.function("customerUser"), server.directory.function("traffic"));
    let claim = |name: &str, scope: &str, source| CustomClaim {
        claim: name.parse().unwrap(),
        scope: scope.parse().unwrap(),
        from: source,
    };
    let rp = server
        .client("app", |definition| {
            definition.custom_claims = vec![
                claim("tier", "extra", ClaimSource::Value(ClaimValue::Text("gold".to_owned()))),
                claim("mail", "extra", ClaimSource::Attribute(UserAttribute::Email)),
                claim("may_use", "extra", ClaimSource::Function(held)),
                claim("may_drive", "extra", ClaimSource::Function(unheld)),
                claim("secret_tier", "other", ClaimSource::Value(ClaimValue::Flag(true))),
            ];
        })
        .await;
    let alice = server.alice();
    let plain = RelyingPartyAsking { rp: &rp, scope: "openid" }.tokens_for(&alice).await;
    assert_eq!(told(&server, &plain).await.as_object().unwrap().len(), 1);
    let extra = RelyingPartyAsking { rp: &rp, scope: "openid extra" }.tokens_for(&alice).await;
    let extra = told(&server, &extra).await;
    let expected = json!({ "sub": server.directory.alice.to_string(), "tier": "gold", "mail": "alice@mail.example", "may_use": true, "may_drive": false });
    assert_eq!(extra, expected);
}

#[tokio::test]
async fn post_is_as_good_as_get() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let bearer = format!("Bearer {}", tokens.access);
    for request in [json_request("POST", USERINFO, &json!({})), form(USERINFO, &[]), userinfo(&tokens.access)] {
        let has_bearer = request.headers().contains_key("authorization");
        let answer = server.call(if has_bearer { request } else { with("authorization", &bearer, request) }).await;
        assert_eq!((answer.status, &answer.json()["username"]), (200, &json!("alice")));
    }
}
