//! Access tokens as JWTs: RFC 9068. Each check of its §4, and that whoever asks this server learns of every revocation at once.

use super::{discovery::claims, scripts};
use crate::support::{
    directory,
    relying_party::{REVOKE, RelyingParty, TOKEN, Tokens, userinfo},
    server::{Answer, ISSUER, TestServer, from, with},
};
use aggregates::{client::ClientCommand, user::UserCommand, values::AccessTokenFormat};
use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode, jwk::JwkSet,
};
use serde_json::{Value, json};

async fn signing(server: &TestServer, name: &str) -> RelyingParty {
    server.client(name, |definition| definition.access_token_format = AccessTokenFormat::Jwt).await
}

/// A JWT that our own key has signed, whatever it says.
fn signed(server: &TestServer, typ: &str, said: &Value) -> String {
    server.idp.signing.sign(typ, said).unwrap()
}

async fn refused_everywhere(rp: &RelyingParty, token: &str, why: &str) {
    let invalid = (401, "invalid_token".to_owned());
    assert_eq!(rp.userinfo(token).await.oauth_error(), invalid, "{why}");
    assert_eq!(verify(rp, token).await.oauth_error(), invalid, "{why}");
    assert_eq!(rp.introspect(token).await.text(), "{\"active\":false}", "{why}");
    let session = Request::get("/authentication/v1/session").body(Body::empty()).unwrap();
    assert_eq!(rp.send(with("authorization", &format!("Bearer {token}"), session)).await.status, 401, "{why}");
}

async fn verify(rp: &RelyingParty, token: &str) -> Answer {
    let request = Request::get(TOKEN).body(Body::empty()).unwrap();
    rp.send(with("authorization", &format!("Bearer {token}"), request)).await
}

async fn keys(server: &TestServer) -> JwkSet {
    serde_json::from_value(server.get("/oauth2/keys").await.json()).unwrap()
}

#[tokio::test]
async fn what_is_not_signed_by_our_key_as_an_access_token_is_none() {
    let server = TestServer::start().await;
    let rp = signing(&server, "app").await;
    let tokens = rp.tokens_for(&server.alice()).await;
    let [header, body, signature] = tokens.access.split('.').collect::<Vec<_>>()[..] else { unreachable!() };
    let said = claims(&tokens.access);
    let kid = decode_header(&tokens.access).unwrap().kid.unwrap();
    let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = format!("{}.{body}.", encoded(json!({ "alg": "none", "typ": "at+jwt", "kid": kid })));
    let none_signed = format!("{}.{body}.{signature}", encoded(json!({ "alg": "none", "typ": "at+jwt", "kid": kid })));
    let public = server.get("/oauth2/keys").await.json()["keys"][0].clone();
    let confused = |secret: &str| {
        let header = Header { typ: Some("at+jwt".to_owned()), kid: Some(kid.clone()), ..Header::new(Algorithm::HS256) };
        encode(&header, &said, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    };
    let strange =
        |kid: &str| format!("{}.{body}.{signature}", encoded(json!({ "alg": "RS256", "typ": "at+jwt", "kid": kid })));
    let unnamed = format!("{}.{body}.{signature}", encoded(json!({ "alg": "RS256", "typ": "at+jwt" })));
    let bent = format!("{header}.{}.{signature}", encoded(json!({ "sub": "x" })));
    for (token, why) in [
        (none, "alg none"),
        (none_signed, "alg none with a signature"),
        (confused(public["n"].as_str().unwrap()), "HS256 with the modulus"),
        (confused(&public.to_string()), "HS256 with the key set's member"),
        (strange("../../x"), "a foreign kid"),
        (strange("' OR 1=1 --"), "a foreign kid"),
        (unnamed, "no kid"),
        (bent, "other claims"),
        (format!("{header}.{body}"), "no signature"),
        (format!("{header}.{body}.{signature}A"), "a longer signature"),
        (format!("{header}.{body}."), "an empty signature"),
        (tokens.id_token.clone().unwrap(), "an ID token"),
        (signed(&server, "JWT", &said), "typ JWT"),
        (signed(&server, "logout+jwt", &said), "typ logout+jwt"),
        (signed(&server, "jwt+at", &said), "typ swapped"),
        (format!("alice/{}", tokens.access), "in the other form"),
    ] {
        refused_everywhere(&rp, &token, why).await;
        assert_eq!(rp.call(REVOKE, &[("token", &token)]).await.status, 200, "{why}");
        assert!(rp.is_active(&tokens.access).await, "nothing came of revoking it: {why}");
    }
    assert_eq!(verify(&rp, &signed(&server, "application/at+jwt", &said)).await.status, 200, "RFC 9068 section 4");
    assert_eq!(verify(&rp, &tokens.access).await.status, 200);
}

#[tokio::test]
async fn each_claim_is_checked() {
    let server = TestServer::start().await;
    let (rp, other) = (signing(&server, "app").await, signing(&server, "other").await);
    let tokens = rp.tokens_for(&server.alice()).await;
    let said = claims(&tokens.access);
    let grant = said["jti"].as_str().unwrap().split_once('.').unwrap().0.to_owned();
    let client = rp.client_id();
    for (name, value) in [
        ("iss", json!("https://other.example")),
        ("iss", json!(format!("{ISSUER}/"))),
        ("iss", Value::Null),
        ("aud", json!(ISSUER)),
        ("aud", json!([client])),
        ("aud", json!([client, ISSUER, "stranger"])),
        ("aud", json!([other.client_id(), ISSUER])),
        ("aud", Value::Null),
        ("exp", json!(server.idp.now().seconds())),
        ("exp", json!(said["exp"].to_string())),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
        ("exp", Value::Null),
        ("iat", Value::Null),
        ("sub", json!(server.directory.bob)),
        ("sub", json!("alice")),
        ("sub", Value::Null),
        ("client_id", json!(other.client_id())),
        ("jti", json!(format!("{grant}.2"))),
        ("jti", json!(format!("{grant}.0"))),
        ("jti", json!(format!("{}.1", other.client_id()))),
        ("jti", json!(grant)),
        ("jti", Value::Null),
    ] {
        let mut bent = said.clone();
        bent[name] = value.clone();
        if value.is_null() {
            bent.as_object_mut().unwrap().remove(name);
        }
        let token = signed(&server, "at+jwt", &bent);
        assert_eq!(verify(&rp, &token).await.oauth_error(), (401, "invalid_token".to_owned()), "{name} {value}");
    }
}

#[tokio::test]
async fn a_resource_server_verifies_by_itself() {
    let server = TestServer::start().await;
    let rp = signing(&server, "app").await;
    let tokens = rp.tokens_for(&server.alice()).await;
    let header = decode_header(&tokens.access).unwrap();
    assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::RS256, Some("at+jwt")));
    let keys = keys(&server).await;
    let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[rp.client_id()]);
    rules.set_required_spec_claims(&["iss", "exp", "aud", "sub"]);
    let said = decode::<Value>(&tokens.access, &key, &rules).unwrap().claims;
    let now = server.idp.now().seconds();
    let jti = said["jti"].as_str().unwrap().to_owned();
    let expected = json!({
        "iss": ISSUER, "aud": [rp.client_id(), ISSUER], "sub": server.directory.alice, "client_id": rp.client_id(),
        "exp": now + 300, "iat": now, "jti": jti, "auth_time": now, "amr": ["pwd"], "scope": "openid profile",
        "username": "alice",
    });
    assert_eq!(said, expected);
    assert!(jti.ends_with(".1"));
    assert_eq!(tokens.answer["expires_in"], 300);
    let next = rp.refresh(&tokens).await;
    assert!(claims(&next.access)["jti"].as_str().unwrap().ends_with(".2"));
    assert_eq!(rp.userinfo(&next.access).await.json()["preferred_username"], "alice");
}

#[tokio::test]
async fn who_asks_learns_of_every_end_at_once() {
    let server = TestServer::start().await;
    let (rp, alice) = (signing(&server, "app").await, server.alice());
    let fresh = async || -> Tokens {
        let tokens = rp.tokens_for(&alice).await;
        assert!(rp.is_active(&tokens.access).await);
        tokens
    };
    let tokens = fresh().await;
    assert_eq!(rp.call(REVOKE, &[("token", &tokens.access)]).await.status, 200);
    refused_everywhere(&rp, &tokens.access, "revoked").await;
    let tokens = fresh().await;
    server.wait(300);
    refused_everywhere(&rp, &tokens.access, "expired").await;
    let tokens = fresh().await;
    alice.sign_out().await;
    refused_everywhere(&rp, &tokens.access, "signed out").await;
    let tokens = fresh().await;
    directory::tell(&server.idp, alice.id, UserCommand::Block).await;
    directory::tell(&server.idp, alice.id, UserCommand::Unblock).await;
    refused_everywhere(&rp, &tokens.access, "blocked").await;
    let tokens = fresh().await;
    server.tell_client(rp.id, ClientCommand::Delete).await;
    assert_eq!(verify(&rp, &tokens.access).await.status, 401);
}

#[tokio::test]
async fn a_token_of_another_client_is_not_this_ones() {
    let server = TestServer::start().await;
    let (rp, other) = (signing(&server, "app").await, signing(&server, "other").await);
    let tokens = rp.tokens_for(&server.alice()).await;
    assert!(!other.is_active(&tokens.access).await);
    assert_eq!(other.call(REVOKE, &[("token", &tokens.access)]).await.status, 200);
    assert!(rp.is_active(&tokens.access).await);
}

#[tokio::test]
async fn a_script_gets_a_signed_token_as_well() {
    let server = TestServer::start().await;
    let rp = signing(&server, "app").await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &[scripts::SCRIPT]).await;
    let answer = scripts::issue(&rp, &key, &[("scope", "openid")]).await;
    let token = answer["access_token"].as_str().unwrap();
    let said = claims(token);
    assert_eq!(
        (&said["sub"], &said["amr"], &answer["expires_in"]),
        (&server.directory.alice.to_string().into(), &Value::Null, &300.into())
    );
    assert_eq!(server.call(from(scripts::SCRIPT, userinfo(token))).await.status, 200);
}
