//! What is asked of the server, and what it has to answer.

use super::http::{Answer, Connection, FORM, JSON, get, post};
use std::collections::VecDeque;

/// One kind of operation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// The floor: an axum route that answers with nothing.
    EmptyRoute,
    /// A person's, with a password.
    SignIn,
    /// The portal's call for a code, and the exchange of the code.
    CodeFlow(Scopes),
    /// A refresh with rotation.
    Refresh(Scopes),
    /// A script's token, by the API key of its user.
    ClientCredentials,
    /// RFC 7662.
    Introspection,
    /// OpenID Connect Core §5.3.
    UserInfo,
    /// A call of the Argus API that an API key authenticates.
    ApiKeyCall,
}

/// What a grant is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scopes {
    /// OAuth alone.
    Plain,
    /// With `openid`: each answer holds an ID token, signed with RSA.
    OpenId,
}

/// What all connections have in common: the client, its secret, an API key.
pub(crate) struct Party {
    /// Headers, each with its line break.
    pub(crate) client: String,
    pub(crate) api_key: String,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
}

/// What one connection holds: what somebody signs in with, a session, and the grants that it was given.
pub(crate) struct Purse {
    /// JSON.
    credentials: String,
    /// A header.
    pub(crate) session: String,
    plain: VecDeque<Tokens>,
    openid: VecDeque<Tokens>,
}

/// The present tokens of a grant.
struct Tokens {
    access: String,
    refresh: String,
}

impl Operation {
    /// All that the server is asked, in an order in which each finds what it needs.
    pub(crate) const OURS: [Self; 9] = [
        Self::SignIn,
        Self::CodeFlow(Scopes::Plain),
        Self::CodeFlow(Scopes::OpenId),
        Self::Refresh(Scopes::Plain),
        Self::Refresh(Scopes::OpenId),
        Self::ClientCredentials,
        Self::Introspection,
        Self::UserInfo,
        Self::ApiKeyCall,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::EmptyRoute => "empty route",
            Self::SignIn => "sign-in with a password",
            Self::CodeFlow(Scopes::Plain) => "code flow (2 requests)",
            Self::CodeFlow(Scopes::OpenId) => "code flow with `openid` (2 requests, signs)",
            Self::Refresh(Scopes::Plain) => "refresh",
            Self::Refresh(Scopes::OpenId) => "refresh with `openid` (signs)",
            Self::ClientCredentials => "client credentials",
            Self::Introspection => "introspection",
            Self::UserInfo => "userinfo",
            Self::ApiKeyCall => "call with an API key",
        }
    }

    /// On how many of these connections it is done: when many sign in at the same time, some are turned away.
    pub(crate) const fn connections(self, all: usize) -> usize {
        match self {
            Self::SignIn => 2,
            _ => all,
        }
    }

    /// Does it once.
    pub(crate) async fn perform(self, connection: &mut Connection, party: &Party, purse: &mut Purse) {
        match self {
            Self::EmptyRoute => {
                ask(connection, &get("/", ""), 200).await;
            }
            Self::SignIn => {
                let request = post("/authentication/v1/password/authentication", "", (JSON, &purse.credentials));
                ask(connection, &request, 200).await.text("requestCredentialsData");
            }
            Self::CodeFlow(scopes) => code_flow(connection, party, purse, scopes).await,
            Self::Refresh(scopes) => refresh(connection, party, purse, scopes).await,
            Self::ClientCredentials => {
                let body = format!("grant_type=client_credentials&client_id={}", party.client_id);
                let request = post("/authentication/v1/oauth/token", &party.api_key, (FORM, &body));
                ask(connection, &request, 200).await.text("access_token");
            }
            Self::Introspection => {
                let body = format!("token={}", purse.access().replace('/', "%2F"));
                let request = post("/authentication/v1/oauth/token/introspect", &party.client, (FORM, &body));
                let answer = ask(connection, &request, 200).await;
                assert!(answer.body.contains("\"active\":true"), "{}", answer.body);
            }
            Self::UserInfo => {
                let bearer = format!("Authorization: Bearer {}\r\n", purse.access());
                ask(connection, &get("/authentication/v1/oauth/userinfo", &bearer), 200).await.text("sub");
            }
            Self::ApiKeyCall => {
                ask(connection, &get("/authentication/v1/session", &party.api_key), 200).await;
            }
        }
    }
}

impl Purse {
    pub(crate) fn new(session: &str, credentials: String) -> Self {
        let session = format!("Authorization: Bearer {session}\r\n");
        Self { credentials, session, plain: VecDeque::new(), openid: VecDeque::new() }
    }

    fn grants(&mut self, scopes: Scopes) -> &mut VecDeque<Tokens> {
        match scopes {
            Scopes::Plain => &mut self.plain,
            Scopes::OpenId => &mut self.openid,
        }
    }

    /// An access token for `openid`, each time that of another grant.
    fn access(&mut self) -> &str {
        self.openid.rotate_left(1);
        &self.openid.back().unwrap().access
    }
}

async fn code_flow(connection: &mut Connection, party: &Party, purse: &mut Purse, scopes: Scopes) {
    let scope = match scopes {
        Scopes::Plain => "\"profile\"",
        Scopes::OpenId => "\"openid\",\"profile\",\"email\"",
    };
    let (client, uri) = (&party.client_id, &party.redirect_uri);
    let body = format!(
        r#"{{"clientID":"{client}","redirectURI":"{uri}","responseType":["code"],"scope":[{scope}],"state":"s"}}"#
    );
    let request = post("/authentication/v1/oauth/authorize", &purse.session, (JSON, &body));
    let answer = ask(connection, &request, 201).await;
    let code = answer.text("authorizationCode");
    let body = format!("grant_type=authorization_code&code={code}&redirect_uri={}", uri.replace('/', "%2F"));
    let tokens = tokens(connection, party, &body).await;
    purse.grants(scopes).push_back(tokens);
}

/// The grants take turns, so that none gets a longer history than a real one has.
async fn refresh(connection: &mut Connection, party: &Party, purse: &mut Purse, scopes: Scopes) {
    let grant = purse.grants(scopes).pop_front().unwrap();
    let body = format!("grant_type=refresh_token&refresh_token={}", grant.refresh);
    let tokens = tokens(connection, party, &body).await;
    purse.grants(scopes).push_back(tokens);
}

async fn tokens(connection: &mut Connection, party: &Party, body: &str) -> Tokens {
    let answer = ask(connection, &post("/authentication/v1/oauth/token", &party.client, (FORM, body)), 200).await;
    let text = |name| answer.text(name).to_owned();
    Tokens { access: text("access_token"), refresh: text("refresh_token") }
}

async fn ask<'a>(connection: &'a mut Connection, request: &str, status: u16) -> Answer<'a> {
    let answer = connection.ask(request).await.unwrap();
    assert_eq!(answer.status, status, "{request}\n{}", answer.body);
    answer
}
