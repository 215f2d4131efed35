//! The demo's relying party against a provider that lies: it signs nobody in unless every check passes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use aggregates::values::Timestamp;
use argus::{
    clock::ManualClock,
    entropy::SeededEntropy,
    pages::relying_party::{Settings, redirect_uri, router},
};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::{HeaderMap, Request, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http_body_util::BodyExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tower::ServiceExt;
use url::{Url, form_urlencoded};

const NOW: i64 = 1_790_000_000;

/// What the provider answers: claims and metadata that a test overwrites, and a refusal of every token request.
#[derive(Clone, Default)]
struct Answers {
    claims: Value,
    userinfo: Value,
    metadata: Value,
    refuse: bool,
    other_key: bool,
}

struct Provider {
    issuer: String,
    nonce: Mutex<String>,
    answers: Mutex<Answers>,
    seen: Mutex<Vec<HashMap<String, String>>>,
}

fn key(seed: u8) -> (EncodingKey, String) {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
    let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    (EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref()), public)
}

fn with(mut base: Value, over: &Value) -> Value {
    for (name, value) in over.as_object().into_iter().flatten() {
        base[name] = value.clone();
    }
    base
}

async fn metadata(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    let truth = json!({"issuer": provider.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"), "jwks_uri": at("/keys"), "end_session_endpoint": at("/logout"),
        "authorization_response_iss_parameter_supported": true});
    Json(with(truth, &provider.answers.lock().unwrap().metadata))
}

async fn token(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: String) -> Response {
    let mut form: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    form.insert("authorization".to_owned(), headers[header::AUTHORIZATION].to_str().unwrap().to_owned());
    provider.seen.lock().unwrap().push(form);
    let answers = provider.answers.lock().unwrap().clone();
    if answers.refuse {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    }
    let truth = json!({"iss": provider.issuer, "aud": "demo", "sub": "s1", "iat": NOW, "exp": NOW + 600,
        "nonce": *provider.nonce.lock().unwrap(), "email": "ann@example.org"});
    let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let id_token = encode(&header, &with(truth, &answers.claims), &key(1 + u8::from(answers.other_key)).0).unwrap();
    Json(json!({"access_token": "ann/abc", "token_type": "Bearer", "refresh_token": "r", "id_token": id_token}))
        .into_response()
}

async fn userinfo(State(provider): State<Arc<Provider>>, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers[header::AUTHORIZATION], "Bearer ann/abc");
    let truth = json!({"sub": "s1", "name": "Ann <b>", "email": "ann@example.org", "groups": ["a", "b"]});
    Json(with(truth, &provider.answers.lock().unwrap().userinfo))
}

async fn start(answers: Answers) -> (Arc<Provider>, Router) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let (nonce, seen) = (Mutex::default(), Mutex::default());
    let provider = Arc::new(Provider { issuer: issuer.clone(), nonce, answers: Mutex::new(answers), seen });
    let jwk =
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "k1", "x": key(1).1}]});
    let routes = Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/keys", get(|| async { Json(jwk) }))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo))
        .with_state(Arc::clone(&provider));
    tokio::spawn(async { axum::serve(listener, routes).await });
    let settings = Settings {
        name: "Demo".to_owned(),
        issuer: Url::parse(&issuer).unwrap(),
        address: Url::parse("http://127.0.0.1:9").unwrap(),
        client_id: "demo".to_owned(),
        client_secret: "s:e c+r".to_owned(),
    };
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(NOW * 1000)));
    (provider, router(settings, clock, Arc::new(SeededEntropy::new(7))))
}

async fn ask(app: &Router, method: &str, path: &str, cookie: &str) -> Response {
    let request =
        Request::builder().method(method).uri(path).header(header::COOKIE, format!("a=b; relying_party={cookie}"));
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn cookie(response: &Response) -> String {
    let line = response.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(line.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{line}");
    line.split(['=', ';']).nth(1).unwrap().to_owned()
}

async fn text(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// Starts a sign-in: the cookie and the parameters of the authorization request.
async fn leave(provider: &Provider, app: &Router) -> (String, HashMap<String, String>) {
    let left = ask(app, "GET", "/sign-in", "").await;
    assert_eq!(left.status(), StatusCode::SEE_OTHER);
    let url = Url::parse(left.headers()[header::LOCATION].to_str().unwrap()).unwrap();
    let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
    provider.nonce.lock().unwrap().clone_from(&asked["nonce"]);
    (cookie(&left), asked)
}

async fn sign_in(provider: &Provider, app: &Router) -> Response {
    let (cookie, asked) = leave(provider, app).await;
    let answer = [("code", "c"), ("state", &asked["state"]), ("iss", &provider.issuer)];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
    ask(app, "GET", &format!("/callback?{query}"), &cookie).await
}

async fn refused(answers: Answers, because: &str) {
    let (provider, app) = start(answers).await;
    let response = sign_in(&provider, &app).await;
    assert!(response.status().is_client_error());
    assert!(response.headers().get(header::SET_COOKIE).is_none());
    let page = text(response).await;
    assert!(page.contains(because), "{page}");
}

#[tokio::test]
async fn an_id_token_that_fails_any_check_signs_nobody_in() {
    for (claims, because) in [
        (json!({"nonce": "other"}), "belongs to another request"),
        (json!({"nonce": null}), "belongs to another request"),
        (json!({"iss": "http://127.0.0.1:1"}), "issuer or audience"),
        (json!({"aud": "other"}), "issuer or audience"),
        (json!({"aud": ["demo", "other"]}), "for another application"),
        (json!({"azp": "other"}), "for another application"),
        (json!({"exp": NOW - 31}), "has expired"),
        (json!({"exp": "never"}), "issuer or audience"),
        (json!({"iat": NOW + 31}), "from the future"),
        (json!({"sub": null}), "issuer or audience"),
    ] {
        refused(Answers { claims, ..Answers::default() }, because).await;
    }
}

#[tokio::test]
async fn a_foreign_signature_signs_nobody_in() {
    refused(Answers { other_key: true, ..Answers::default() }, "cannot be trusted").await;
}

#[tokio::test]
async fn claims_about_somebody_else_are_not_believed() {
    refused(Answers { userinfo: json!({"sub": "s2"}), ..Answers::default() }, "about somebody else").await;
}

#[tokio::test]
async fn a_provider_by_another_name_or_outside_of_this_machine_is_not_asked() {
    for (metadata, because) in [
        (json!({"issuer": "http://127.0.0.1:1"}), "another name"),
        (json!({"jwks_uri": "https://127.0.0.1/keys"}), "not http on this machine"),
        (json!({"token_endpoint": "http://192.0.2.1/token"}), "not http on this machine"),
    ] {
        let (provider, app) = start(Answers { metadata, ..Answers::default() }).await;
        let left = ask(&app, "GET", "/sign-in", "").await;
        let end = if left.status() == StatusCode::SEE_OTHER { sign_in(&provider, &app).await } else { left };
        assert_eq!(end.status(), StatusCode::BAD_REQUEST);
        assert!(text(end).await.contains(because));
    }
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_not_believed() {
    let (provider, app) = start(Answers::default()).await;
    let (cookie, asked) = leave(&provider, &app).await;
    let (state, iss) = (&asked["state"], &provider.issuer);
    for (cookie, query) in [
        ("", format!("code=c&state={state}&iss={iss}")),
        ("unknown", format!("code=c&state={state}&iss={iss}")),
        (&*cookie, format!("code=c&state=other&iss={iss}")),
        (&*cookie, format!("code=c&state={state}&iss={iss}")),
    ] {
        let answer = ask(&app, "GET", &format!("/callback?{query}"), cookie).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
    }
    assert!(provider.seen.lock().unwrap().is_empty(), "a state is used once, and no code was redeemed");
}

#[tokio::test]
async fn an_answer_must_name_its_issuer() {
    for iss in ["", "&iss=http%3A%2F%2F127.0.0.1%3A1"] {
        let (provider, app) = start(Answers::default()).await;
        let (cookie, asked) = leave(&provider, &app).await;
        let answer = ask(&app, "GET", &format!("/callback?code=c&state={}{iss}", asked["state"]), &cookie).await;
        assert!(text(answer).await.contains("from another provider"));
    }
}

#[tokio::test]
async fn a_refusal_is_shown_as_text() {
    let (provider, app) = start(Answers::default()).await;
    let (cookie, asked) = leave(&provider, &app).await;
    let query =
        format!("error=access_denied&error_description=%3Cb%3E&state={}&iss={}", asked["state"], provider.issuer);
    let answer = ask(&app, "GET", &format!("/callback?{query}"), &cookie).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let page = text(answer).await;
    assert!(
        page.contains("You may not use this application") && page.contains("access_denied") && !page.contains("<b>")
    );
}

#[tokio::test]
async fn another_site_can_neither_refresh_nor_sign_out() {
    let (_, app) = start(Answers::default()).await;
    for path in ["/refresh", "/sign-out"] {
        let request = Request::post(path).header("sec-fetch-site", "same-site").body(Body::empty()).unwrap();
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_refused_refresh_ends_the_session() {
    let (provider, app) = start(Answers::default()).await;
    let session = cookie(&sign_in(&provider, &app).await);
    provider.answers.lock().unwrap().refuse = true;
    let answer = ask(&app, "POST", "/refresh", &session).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(text(answer).await.contains("invalid_grant"));
    assert!(text(ask(&app, "GET", "/", &session).await).await.contains("You are not signed in"));
}

#[tokio::test]
async fn a_person_signs_in_refreshes_and_signs_out() {
    let (provider, app) = start(Answers::default()).await;
    let (_, asked) = leave(&provider, &app).await;
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["redirect_uri"], redirect_uri(&Url::parse("http://127.0.0.1:9").unwrap()));

    let first = cookie(&sign_in(&provider, &app).await);
    let page = text(ask(&app, "GET", "/", &first).await).await;
    assert!(page.contains("Hello, Ann &#60;b&#62;") && page.contains("ann@example.org") && page.contains("a, b"));

    let second = cookie(&ask(&app, "POST", "/refresh", &first).await);
    assert!(text(ask(&app, "GET", "/", &second).await).await.contains("Refreshed 1 time:"));
    assert!(text(ask(&app, "GET", "/", &first).await).await.contains("You are not signed in"), "the old id is dead");

    let end = ask(&app, "POST", "/sign-out", &second).await;
    let end = end.headers()[header::LOCATION].to_str().unwrap();
    assert!(end.starts_with(&format!("{}/logout?id_token_hint=", provider.issuer)));
    assert!(text(ask(&app, "GET", "/", &second).await).await.contains("You are not signed in"));

    let seen = provider.seen.lock().unwrap();
    assert_eq!(seen[0]["code_verifier"].len(), 43);
    assert_eq!(seen[0]["authorization"], "Basic ZGVtbzpzJTNBZStjJTJCcg==", "both halves are form-encoded first");
    assert_eq!((&*seen[1]["grant_type"], &*seen[1]["refresh_token"]), ("refresh_token", "r"));
}
