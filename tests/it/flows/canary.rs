//! No secret, token or clear personal datum in any event, log line or error: a whole flow with canaries, then a search for them.

use crate::support::{
    directory::{self, person},
    relying_party::{RelyingParty, TOKEN, Tokens},
    server::{Answer, TestServer, from, json as json_request, with},
};
use aggregates::{client::ClientAuthentication, values::SecretHash};
use argus::http::client_authentication::sha256_hex;
use axum::{body::Body, http::Request};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;

const PASSWORD: &str = "canary-password sings at dawn";
const SECRET: &str = "canary-secret-0123456789-abcdefghij-XYZ";
const USER_NAME: &str = "canaryuser";
const NAME: &str = "Canary Fullname";
const EMAIL: &str = "canaryuser@mail.example";
const PHONE: &str = "+4722000001";
const ADDRESS: &str = "203.0.113.77";
const NETWORK: &str = "203.0.113.0/24";
const STATE: &str = "canary-state";
const WHO: &str = "/authentication/v1/session";

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What must not be found, with what it is.
type Canaries = Vec<(String, String)>;

/// A token: as a whole, without its user, and the secret in it in every likely notation.
fn add_token(canaries: &mut Canaries, what: &str, token: &str) {
    let opaque = token.rsplit_once('/').map_or(token, |(_, opaque)| opaque);
    let bytes = URL_SAFE_NO_PAD.decode(opaque).unwrap();
    let secret = &bytes[22..54];
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    for text in [opaque.to_owned(), hex, URL_SAFE_NO_PAD.encode(secret), STANDARD.encode(secret)] {
        canaries.push((what.to_owned(), text));
    }
}

fn add_tokens(canaries: &mut Canaries, tokens: &Tokens) {
    add_token(canaries, "access token", &tokens.access);
    add_token(canaries, "refresh token", &tokens.refresh);
    canaries.extend(
        tokens.id_token.iter().map(|token| ("id_token".to_owned(), token.rsplit_once('.').unwrap().1.to_owned())),
    );
}

async fn client(server: &TestServer) -> RelyingParty {
    let mut rp = server
        .client("app", |definition| {
            definition.authentication =
                ClientAuthentication::Password { secret: SecretHash::Sha256(sha256_hex(SECRET)) };
        })
        .await;
    rp.secret = Some(SECRET.to_owned());
    rp.asking_for("openid profile email phone clientip groups customer")
}

/// Issues API keys over HTTP, the user's own and one by the administrator, uses, renews and revokes them, and errs with each.
async fn keys(server: &TestServer, session: &str, canaries: &mut Canaries) -> Vec<Answer> {
    let own = ("authorization", format!("Bearer {session}"), "/authentication/v1/apikey".to_owned());
    let admins = ("argus-api-key", server.directory.admin_key.to_string());
    let admins = (admins.0, admins.1, format!("/authentication/v1/user/{USER_NAME}/apikey"));
    let mut errors = Vec::new();
    for (header, credential, path) in [own, admins] {
        let ask = async |method: &str, path: &str, body: &Value| {
            server.call(from(ADDRESS, with(header, &credential, json_request(method, path, body)))).await
        };
        let wish = json!({ "description": "Nightly report", "validSources": [NETWORK] });
        let issued = ask("POST", &path, &wish).await;
        assert_eq!(issued.status, 201, "{}", issued.text());
        let key = issued.json()["data"]["apiKeyString"].as_str().unwrap().to_owned();
        let (prefix, secret) = key.rsplit_once('/').unwrap();
        canaries.push(("secret of an API key issued over HTTP".to_owned(), secret.to_owned()));
        let use_it = async |key: &str| {
            server.call(from(ADDRESS, with("argus-api-key", key, Request::get(WHO).body(Body::empty()).unwrap()))).await
        };
        assert_eq!(use_it(&key).await.status, 200);
        let named = format!("{path}/{prefix}");
        assert_eq!(ask("PUT", &named, &json!({ "expirationDays": 30 })).await.status, 200);
        errors.extend([
            use_it(&format!("{key}x")).await,
            use_it(secret).await,
            ask("GET", &format!("{WHO}/{key}"), &Value::Null).await,
            ask("PUT", &format!("{path}/{key}"), &json!({})).await,
            ask("PUT", &named, &json!({ "expirationDays": key, "password": secret, "comment": [secret] })).await,
            ask("POST", &path, &json!({ "description": [key], "validSources": [secret] })).await,
            server.get(&format!("{WHO}?apikey={key}")).await,
        ]);
        assert_eq!(ask("DELETE", &named, &Value::Null).await.status, 200);
        errors.push(use_it(&key).await);
    }
    errors
}

/// Signs in, authorizes, redeems, refreshes, looks, fails in many ways, signs out. Answers with the errors and the canaries.
async fn live(server: &TestServer) -> (Vec<Answer>, Canaries) {
    let directory = &server.directory;
    let id = directory::newcomer(&server.idp, directory, person(USER_NAME, NAME, Some("acme"))).await;
    directory::grant(&server.idp, directory, id, "analyst", Some("acme")).await;
    directory::set_password(&server.idp, id, PASSWORD, false).await;
    let key = directory::issue_key(&server.idp, id, &["127.0.0.1"]).await;
    let rp = client(server).await;
    let user = server.person(id, USER_NAME, PASSWORD).at(ADDRESS);
    let mut canaries: Canaries = [
        ("password", PASSWORD),
        ("client secret", SECRET),
        ("user name", USER_NAME),
        ("name", NAME),
        ("e-mail", EMAIL),
        ("telephone", PHONE),
        ("address", ADDRESS),
        ("state", STATE),
        ("API key secret", key.rsplit_once('/').unwrap().1),
    ]
    .map(|(what, text)| (what.to_owned(), text.to_owned()))
    .into();
    let code = rp.authorize_with(&user, &[("state", STATE)]).await;
    let session = user.session_token();
    let tokens = rp.redeem(&code).await;
    let newer = rp.refresh(&tokens).await;
    add_token(&mut canaries, "code", &code);
    add_token(&mut canaries, "session token", &session);
    add_tokens(&mut canaries, &tokens);
    add_tokens(&mut canaries, &newer);
    assert_eq!(rp.userinfo(&newer.access).await.json()["client_ip"], ADDRESS);
    assert!(rp.is_active(&newer.access).await);
    let whoami = json_request("GET", "/authentication/v1/session", &serde_json::json!({}));
    assert_eq!(server.call(with("argus-api-key", &key, whoami)).await.status, 200);
    let mut errors = keys(server, &session, &mut canaries).await;
    errors.extend([
        user.post("/login", &[("username", "x"), ("password", PASSWORD), ("resume", "x")]).await,
        server
            .call(json_request(
                "POST",
                "/authentication/v1/password/authentication",
                &serde_json::json!({ "userName": USER_NAME, "password": format!("{PASSWORD}x") }),
            ))
            .await,
        server
            .call(json_request(
                "POST",
                "/authentication/v1/password/authentication",
                &serde_json::json!({ "userName": USER_NAME, "password": [PASSWORD], "domain": { NAME: EMAIL } }),
            ))
            .await,
        rp.call(TOKEN, &[("grant_type", SECRET), ("code", &code)]).await,
        rp.call(TOKEN, &[("grant_type", "authorization_code"), ("code", &code), ("code", &code)]).await,
        rp.try_refresh(&tokens.access).await,
        rp.userinfo(&tokens.refresh).await,
        user.get(&rp.authorize_url(&[("redirect_uri", "https://evil.example/"), ("state", STATE)])).await,
        user.get(&format!("/{STATE}?code={code}")).await,
        user.get(&format!("/users/v2/user/{USER_NAME}/portrait")).await,
        server
            .call(with(
                "argus-api-key",
                &format!("{}x", key.as_str()),
                Request::get("/audit/v1/entries").body(Body::empty()).unwrap(),
            ))
            .await,
        rp.try_redeem(&code).await,
        rp.userinfo(&newer.access).await,
    ]);
    user.sign_out().await;
    (errors, canaries)
}

#[track_caller]
fn absent(canaries: &Canaries, place: &str, text: &str) {
    for (what, canary) in canaries {
        let at = text.to_lowercase().find(&canary.to_lowercase());
        let around = at.map(|at| text.chars().skip(at.saturating_sub(100)).take(250).collect::<String>());
        assert_eq!(around, None, "{what} in {place}");
    }
}

#[tokio::test]
async fn no_secret_and_no_personal_datum_is_stored_in_the_clear_logged_or_told() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    // While there is one subscriber only, tracing asks no other thread's before it switches a line of the program off for good.
    let _second = tracing::Dispatch::new(tracing_subscriber::fmt().with_writer(io::sink).finish());
    let guard = tracing::subscriber::set_default(subscriber);
    let server = TestServer::start().await;
    let (errors, mut canaries) = live(&server).await;
    drop(guard);
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap().clone()).into_owned();
    assert!(logged.contains("answered"), "the log was captured");
    absent(&canaries, "the log", &logged);
    for answer in errors {
        assert!(answer.status >= 400);
        absent(&canaries, "an error", &answer.text());
        absent(&canaries, "an error's headers", &format!("{:?}", answer.headers));
    }
    canaries.retain(|(what, _)| what != "state");
    for event in server.events().await {
        absent(&canaries, "an event", &event.to_string());
    }
}
