//! A relying party: an OAuth client with its secret, its PKCE verifier and its address.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    directory::{desk, operator},
    people::Person,
    server::{Answer, HOME, TestServer, encoded, form},
};
use aggregates::{
    client::{Author, Client, ClientAuthentication, ClientCommand, Definition, Facts},
    ids::ClientId,
    values::{AccessTokenFormat, IpRange, IpRanges, PermittedScopes, SecretHash, SecurityLevel},
};
use argus::http::{PeerIp, client_authentication::sha256_hex};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::Value;
use std::net::IpAddr;

/// Where every relying party takes codes.
pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";
/// A code verifier, and its S256 challenge.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const STATE: &str = "af0ifjsldkj";
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj";
const SECRET: &str = "Zm9yIHRlc3RzIG9ubHksIDI1NiByYW5kb20gYml0cw";

pub(crate) const TOKEN: &str = "/authentication/v1/oauth/token";
pub(crate) const INTROSPECT: &str = "/authentication/v1/oauth/token/introspect";
pub(crate) const REVOKE: &str = "/authentication/v1/oauth/token/revoke";
pub(crate) const USERINFO: &str = "/authentication/v1/oauth/userinfo";

/// A defined client, and what it knows.
pub(crate) struct RelyingParty {
    pub(crate) server: TestServer,
    pub(crate) id: ClientId,
    pub(crate) short_name: String,
    pub(crate) secret: Option<String>,
    pub(crate) ip: IpAddr,
    /// What it asks for.
    pub(crate) scope: String,
}

/// What it was given.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) id_token: Option<String>,
    pub(crate) answer: Value,
}

impl Tokens {
    #[track_caller]
    pub(crate) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            access: text("access_token").unwrap(),
            refresh: text("refresh_token").unwrap(),
            id_token: text("id_token"),
            answer: body,
        }
    }
}

impl TestServer {
    /// A client with a secret, for holders of `analyst`, without PKCE.
    pub(crate) async fn confidential(&self, short_name: &str) -> RelyingParty {
        self.client(short_name, |_| {}).await
    }

    /// A client without a secret, hence with PKCE.
    pub(crate) async fn public(&self, short_name: &str) -> RelyingParty {
        let mut party = self
            .client(short_name, |definition| {
                definition.authentication = ClientAuthentication::None;
                definition.require_pkce = true;
            })
            .await;
        party.secret = None;
        party
    }

    /// Like [`TestServer::confidential`], but changed.
    pub(crate) async fn client(&self, short_name: &str, change: impl FnOnce(&mut Definition)) -> RelyingParty {
        let id = ClientId::new(self.idp.new_id());
        let mut definition = self.definition(short_name);
        change(&mut definition);
        let facts = Facts { short_name_taken: false, author: Author::Operator };
        self.tell_client(id, ClientCommand::Define { definition: Box::new(definition), facts }).await;
        RelyingParty {
            server: self.clone(),
            id,
            short_name: short_name.to_owned(),
            secret: Some(SECRET.to_owned()),
            ip: HOME,
            scope: "openid profile".to_owned(),
        }
    }

    /// A command to a client, as the operator gives it.
    pub(crate) async fn tell_client(&self, id: ClientId, command: ClientCommand) {
        let mut desk = desk(&self.idp).await;
        desk.lane().execute::<Client>(id.uuid(), command, &operator()).await.unwrap();
        desk.commit().await.unwrap();
    }

    /// What a client is now.
    pub(crate) async fn definition_of(&self, id: ClientId) -> Definition {
        let mut desk = desk(&self.idp).await;
        let loaded = desk.lane().load::<Client>(id.uuid()).await.unwrap();
        loaded.aggregate.definition().unwrap().clone()
    }

    fn definition(&self, short_name: &str) -> Definition {
        let secret = SecretHash::Sha256(sha256_hex(SECRET));
        Definition {
            short_name: short_name.parse().unwrap(),
            name: "The Application".parse().unwrap(),
            description: "For tests".parse().unwrap(),
            main_uri: "https://app.example/".parse().unwrap(),
            redirect_uris: vec![REDIRECT_URI.parse().unwrap()],
            ip_ranges: ranges(&["127.0.0.1", "10.1.0.0/16"]),
            authentication: ClientAuthentication::Password { secret },
            domain: self.directory.domain,
            customer: None,
            required_function: self.directory.function("analyst"),
            permission_scope: self.directory.function("analyst"),
            permitted_scopes: PermittedScopes::Any,
            hidden: false,
            custom_claims: Vec::new(),
            max_security_level: SecurityLevel::External,
            require_pkce: false,
            client_credentials: true,
            require_same_client_ip: false,
            access_token_format: AccessTokenFormat::Argus,
            disabled: false,
        }
    }
}

pub(crate) fn ranges(texts: &[&str]) -> IpRanges {
    IpRanges::try_from(texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<IpRange>>()).unwrap()
}

impl RelyingParty {
    /// Its definition becomes another one.
    pub(crate) async fn redefine(&self, change: impl FnOnce(&mut Definition)) {
        let mut definition = self.server.definition_of(self.id).await;
        change(&mut definition);
        let facts = Facts { short_name_taken: false, author: Author::Operator };
        let command = ClientCommand::Redefine { definition: Box::new(definition), facts };
        self.server.tell_client(self.id, command).await;
    }

    /// The relying party asks for other scopes.
    pub(crate) fn asking_for(mut self, scope: &str) -> Self {
        scope.clone_into(&mut self.scope);
        self
    }

    /// Its server is somewhere else.
    pub(crate) fn at(mut self, ip: &str) -> Self {
        self.ip = ip.parse().unwrap();
        self
    }

    pub(crate) fn client_id(&self) -> String {
        self.id.to_string()
    }

    /// An authorization request in which `changes` replace parameters of the same name; an empty value leaves one out.
    pub(crate) fn authorize_url(&self, changes: &[(&str, &str)]) -> String {
        let id = self.client_id();
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", &id),
            ("redirect_uri", REDIRECT_URI),
            ("scope", &self.scope),
            ("state", STATE),
            ("nonce", NONCE),
        ];
        if self.secret.is_none() {
            parameters.extend([("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]);
        }
        parameters.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        parameters.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        format!("/oauth2/authorize?{}", encoded(&parameters))
    }

    /// The code that a person gets for it. Signs in first if that is needed.
    pub(crate) async fn authorize(&self, person: &Person) -> String {
        self.authorize_with(person, &[]).await
    }

    /// The same, with other parameters.
    pub(crate) async fn authorize_with(&self, person: &Person, changes: &[(&str, &str)]) -> String {
        let mut answer = person.get(&self.authorize_url(changes)).await;
        if answer.location().starts_with("/login") {
            let back = person.sign_in_at(answer.location()).await;
            answer = person.get(&back).await;
        }
        assert!(answer.location().starts_with(REDIRECT_URI), "{}", answer.location());
        answer.location_parameter("code").unwrap_or_else(|| unreachable!("{}", answer.location()))
    }

    /// A call of the token endpoint or its neighbours, with the client's own credentials in the form.
    pub(crate) async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path, &self.with_credentials(fields))).await
    }

    /// These fields with `client_id` and `client_secret`.
    pub(crate) fn with_credentials<'a>(&'a self, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut fields = fields.to_vec();
        fields.push(("client_id", &self.short_name));
        fields.extend(self.secret.as_deref().map(|secret| ("client_secret", secret)));
        fields
    }

    /// Any request, from the relying party's address.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        if request.extensions().get::<PeerIp>().is_none() {
            request.extensions_mut().insert(PeerIp(self.ip));
        }
        self.server.call(request).await
    }

    /// What a redemption of this code says.
    pub(crate) fn redemption<'a>(&self, code: &'a str) -> Vec<(&'static str, &'a str)> {
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)];
        if self.secret.is_none() {
            fields.push(("code_verifier", VERIFIER));
        }
        fields
    }

    pub(crate) async fn try_redeem(&self, code: &str) -> Answer {
        self.call(TOKEN, &self.redemption(code)).await
    }

    pub(crate) async fn redeem(&self, code: &str) -> Tokens {
        Tokens::of(&self.try_redeem(code).await)
    }

    pub(crate) async fn try_refresh(&self, refresh_token: &str) -> Answer {
        self.call(TOKEN, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    pub(crate) async fn refresh(&self, tokens: &Tokens) -> Tokens {
        Tokens::of(&self.try_refresh(&tokens.refresh).await)
    }

    /// Signs in, authorizes, redeems.
    pub(crate) async fn tokens_for(&self, person: &Person) -> Tokens {
        let code = self.authorize(person).await;
        self.redeem(&code).await
    }

    pub(crate) async fn introspect(&self, token: &str) -> Answer {
        self.call(INTROSPECT, &[("token", token)]).await
    }

    /// Whether the server calls a token of this client active.
    pub(crate) async fn is_active(&self, token: &str) -> bool {
        self.introspect(token).await.json()["active"].as_bool().unwrap()
    }

    pub(crate) async fn userinfo(&self, access_token: &str) -> Answer {
        self.send(userinfo(access_token)).await
    }
}

/// A call of userinfo.
pub(crate) fn userinfo(access_token: &str) -> Request<Body> {
    let bearer = format!("Bearer {access_token}");
    Request::get(USERINFO).header(header::AUTHORIZATION, bearer).body(Body::empty()).unwrap()
}
