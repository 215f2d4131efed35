//! A relying party over real HTTP: it knows a server by its address, so it can turn to another instance or a restarted one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::node::{Node, World};
use reqwest::{Client, Error, RequestBuilder, Response, header::LOCATION, redirect::Policy};
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;

const REDIRECT_URI: &str = "https://app.example/callback";
/// The example of RFC 7636 Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const SECRET: &str = "Zm9yIHRlc3RzIG9ubHksIDI1NiByYW5kb20gYml0cw";

/// A client of the server at `url`.
#[derive(Clone)]
pub(super) struct Party {
    pub(super) url: String,
    pub(super) id: String,
    secret: Option<&'static str>,
    http: Client,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// `null` when it is not JSON.
    pub(super) body: Value,
    location: Option<Url>,
}

impl Answer {
    async fn of(response: Response) -> Result<Self, Error> {
        let status = response.status().as_u16();
        let location = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()?.parse().ok());
        let body = serde_json::from_slice(&response.bytes().await?).unwrap_or(Value::Null);
        Ok(Self { status, body, location })
    }

    /// A text of the JSON body.
    pub(super) fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A parameter of the redirect.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self.location.as_ref()?.query_pairs().find(|(known, _)| known == name);
        pairs.map(|(_, value)| value.into_owned())
    }

    /// The code in the redirect.
    #[track_caller]
    pub(super) fn code(&self) -> String {
        self.parameter("code").unwrap_or_else(|| panic!("no code: {self:?}"))
    }

    /// Whether it is an OAuth error of this name.
    pub(super) fn is_refusal(&self, error: &str) -> bool {
        (self.status, self.text("error")) == (400, error)
    }
}

/// How a client of a test is defined; `name` is its short name.
pub(super) fn definition(name: &str, secret: Option<&str>) -> Value {
    let mut definition = json!({
        "shortName": name, "name": "An application", "description": "For tests", "mainURI": "https://app.example/",
        "redirectURIs": [REDIRECT_URI], "clientIPRange": ["127.0.0.0/8"], "requiredFunction": "analyst",
        "permissionScope": "analyst", "authenticationMethod": "none",
    });
    if let (Some(secret), Some(fields)) = (secret, definition.as_object_mut()) {
        fields.insert("authenticationMethod".to_owned(), "password".into());
        fields.insert("clientSecret".to_owned(), secret.into());
    }
    definition
}

pub(super) fn http() -> Client {
    // The server closes a connection that is idle for ten seconds; one that is about to be closed is not used again.
    let idle = Duration::from_secs(5);
    Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(40)).pool_idle_timeout(idle).build().unwrap()
}

/// Defines a client through the API, as the administrator's script.
pub(super) async fn define(node: &Node, key: &str, definition: &Value) -> Answer {
    let url = format!("{}/authentication/v1/oauth/client", node.url);
    let request = http().post(url).header("Argus-API-Key", key).json(definition);
    Answer::of(request.send().await.unwrap()).await.unwrap()
}

impl Party {
    pub(super) async fn confidential(world: &World, node: &Node, name: &str) -> Self {
        Self::defined(world, node, name, Some(SECRET)).await
    }

    pub(super) async fn public(world: &World, node: &Node, name: &str) -> Self {
        Self::defined(world, node, name, None).await
    }

    async fn defined(world: &World, node: &Node, name: &str, secret: Option<&'static str>) -> Self {
        let answer = define(node, &world.directory.admin_key, &definition(name, secret)).await;
        assert_eq!(answer.status, 201, "{:?}", answer.body);
        Self { url: node.url.clone(), id: name.to_owned(), secret, http: http() }
    }

    /// A client without a secret that was defined before.
    pub(super) fn known_as(node: &Node, short_name: &str) -> Self {
        Self { url: node.url.clone(), id: short_name.to_owned(), secret: None, http: http() }
    }

    /// For any request.
    pub(super) const fn http(&self) -> &Client {
        &self.http
    }

    /// The same client, turning to another server.
    pub(super) fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, Error> {
        Answer::of(request.send().await?).await
    }

    /// The browser of whoever has this session token asks for a code.
    pub(super) async fn authorize(&self, session: &str) -> Result<Answer, Error> {
        let url = format!("{}/oauth2/authorize", self.url);
        let parameters = [
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", REDIRECT_URI),
            ("scope", "openid profile"),
            ("state", "s"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        self.send(self.http.get(url).query(&parameters).header("Cookie", format!("argus_session={session}"))).await
    }

    /// The portal asks for a code for whoever has this session token.
    pub(super) async fn authorize_in_portal(&self, session: &str) -> Result<Answer, Error> {
        let url = format!("{}/authentication/v1/oauth/authorize", self.url);
        let asked = json!({"clientID": self.id, "redirectURI": REDIRECT_URI, "responseType": ["code"], "scope": ["openid"],
            "codeChallenge": CHALLENGE, "codeChallengeMethod": "S256"});
        self.send(self.http.post(url).bearer_auth(session).json(&asked)).await
    }

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Error> {
        let own =
            [("client_id", self.id.as_str())].into_iter().chain(self.secret.map(|secret| ("client_secret", secret)));
        let fields: Vec<_> = own.chain(fields.iter().copied()).collect();
        self.send(self.http.post(format!("{}/authentication/v1/oauth/{path}", self.url)).form(&fields)).await
    }

    pub(super) async fn redeem(&self, code: &str) -> Result<Answer, Error> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        self.form("token", &fields).await
    }

    pub(super) async fn refresh(&self, refresh_token: &str) -> Result<Answer, Error> {
        self.form("token", &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// A script with this API key asks for a token. It sends no secret.
    pub(super) async fn issue_to_script(&self, key: &str) -> Result<Answer, Error> {
        let fields = [("grant_type", "client_credentials"), ("client_id", &self.id), ("scope", "openid")];
        let url = format!("{}/authentication/v1/oauth/token", self.url);
        self.send(self.http.post(url).header("Argus-API-Key", key).form(&fields)).await
    }

    pub(super) async fn revoke(&self, token: &str) -> Result<Answer, Error> {
        self.form("token/revoke", &[("token", token)]).await
    }

    pub(super) async fn verify(&self, token: &str) -> Result<Answer, Error> {
        self.send(self.http.get(format!("{}/authentication/v1/oauth/token", self.url)).bearer_auth(token)).await
    }

    pub(super) async fn introspect(&self, token: &str) -> Result<Answer, Error> {
        self.form("token/introspect", &[("token", token)]).await
    }

    pub(super) async fn userinfo(&self, token: &str) -> Result<Answer, Error> {
        self.send(self.http.get(format!("{}/authentication/v1/oauth/userinfo", self.url)).bearer_auth(token)).await
    }

    pub(super) async fn get(&self, path: &str) -> Result<Answer, Error> {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    /// Whoever has this session token signs out.
    pub(super) async fn sign_out(&self, session: &str) -> Result<Answer, Error> {
        self.send(self.http.delete(format!("{}/authentication/v1/session", self.url)).bearer_auth(session)).await
    }

    /// Tokens for whoever has this session token.
    pub(super) async fn tokens(&self, session: &str) -> Answer {
        let code = self.authorize(session).await.unwrap().code();
        let tokens = self.redeem(&code).await.unwrap();
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
        tokens
    }
}
