//! Metadata, keys and the `id_token` that they verify: OpenID Connect Discovery, RFC 8414, OpenID Connect Core §2 and §3.1.3.

use crate::support::{
    relying_party::NONCE,
    server::{ISSUER, TestServer},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};

/// What a JWT says, not verified.
pub(super) fn claims(jwt: &str) -> Value {
    let payload = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[tokio::test]
async fn what_is_advertised_exists() {
    let server = TestServer::start().await;
    let openid = server.get("/.well-known/openid-configuration").await;
    let oauth = server.get("/.well-known/oauth-authorization-server").await;
    assert_eq!((openid.status, &openid.body), (200, &oauth.body));
    let document = openid.json();
    assert_eq!(document["issuer"], ISSUER);
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "introspection_endpoint",
        "revocation_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ] {
        let path = document[name].as_str().unwrap().strip_prefix(ISSUER).unwrap().to_owned();
        assert_ne!(server.get(&path).await.status, 404, "{name}");
    }
    for (name, value) in [
        ("response_types_supported", json!(["code"])),
        ("grant_types_supported", json!(["authorization_code", "refresh_token", "client_credentials"])),
        ("code_challenge_methods_supported", json!(["S256"])),
        ("id_token_signing_alg_values_supported", json!(["RS256"])),
        ("request_uri_parameter_supported", json!(false)),
        ("request_parameter_supported", json!(false)),
        ("authorization_response_iss_parameter_supported", json!(true)),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_published_keys_are_public_only() {
    let server = TestServer::start().await;
    let keys = server.get("/oauth2/keys").await.json()["keys"].as_array().unwrap().clone();
    assert!(!keys.is_empty());
    for key in &keys {
        let names: Vec<&String> = key.as_object().unwrap().keys().collect();
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(names.iter().all(|name| *name != private), "{private}");
        }
        assert_eq!((&key["kty"], &key["use"], &key["alg"]), (&json!("RSA"), &json!("sig"), &json!("RS256")));
    }
}

#[tokio::test]
async fn an_id_token_verifies_against_the_published_keys() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    alice.sign_in().await;
    let signed_in = server.idp.now().seconds();
    server.wait(7);
    let tokens = rp.tokens_for(&alice).await;
    let id_token = tokens.id_token.clone().unwrap();
    let set: JwkSet = serde_json::from_value(server.get("/oauth2/keys").await.json()).unwrap();
    let kid = decode_header(&id_token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&[&rp.short_name]);
    rules.set_issuer(&[ISSUER]);
    rules.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    rules.validate_exp = false; // the server's clock stands in the test's hands
    let claims = decode::<Value>(&id_token, &key, &rules).unwrap().claims;
    let now = server.idp.now().seconds();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, tokens.access.as_bytes());
    for (name, value) in [
        ("sub", json!(server.directory.alice.to_string())),
        ("aud", json!(rp.short_name)),
        ("nonce", json!(NONCE)),
        ("auth_time", json!(signed_in)),
        ("iat", json!(now)),
        ("exp", json!(now + 600)),
        ("at_hash", json!(URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]))),
        ("amr", json!(["pwd"])),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    let tampered = format!("{}A", &id_token[..id_token.len() - 1]);
    assert!(decode::<Value>(&tampered, &key, &rules).is_err() || tampered == id_token);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::start().await;
    for path in [
        "/login",
        "/nowhere",
        "/oauth2/authorize",
        "/oauth2/keys",
        "/authentication/v1/session",
        "/authentication/v1/oauth/userinfo",
        "/authentication/v1/oauth/token",
    ] {
        let answer = server.get(path).await;
        for (name, part) in [
            ("content-security-policy", "frame-ancestors 'none'"),
            ("content-security-policy", "base-uri 'none'"),
            ("x-content-type-options", "nosniff"),
            ("strict-transport-security", "max-age="),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert!(answer.header(name).unwrap_or_default().contains(part), "{path}: {name} {part}");
        }
        assert!(answer.header("referrer-policy").is_some() && answer.header("cache-control").is_some(), "{path}");
    }
}
