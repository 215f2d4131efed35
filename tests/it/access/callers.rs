//! Credentials, a fresh one for each request.

use super::table::Caller;
use crate::evidence::support::{notary, settled};
use crate::support::{
    directory::{customer_below, desk, grant_in, issue_read_only_key, person, set_password, user},
    people::SESSION,
    relying_party::{RelyingParty, TOKEN},
    server::{HOME, TestServer, form, with},
    sessions,
};
use aggregates::ids::UserId;
use axum::{body::Body, http::Request};

/// A customer below acme.
const BELOW: &str = "annex";

/// What the users and the administrators sign in with.
pub(super) const PASSWORD: &str = "seventeen boats in one harbour";

/// A server, and what the callers come from.
pub(super) struct Stage {
    pub(super) server: TestServer,
    /// A client of acme, for analysts.
    pub(super) app: RelyingParty,
    /// A client of nobody in particular, for analysts.
    delegate: RelyingParty,
    /// A client of nobody in particular, for whatever an administrator may do.
    robot: RelyingParty,
    /// Administrator for globex.
    gloria: UserId,
    /// Administrator for a customer below acme.
    bertha: UserId,
}

/// What a request shows.
pub(super) enum Credential {
    None,
    /// As a bearer, or as the cookie of a page.
    Token(String),
    ApiKey(String),
}

impl Stage {
    pub(super) async fn set() -> Self {
        let server = TestServer::start().await;
        let (idp, directory) = (&server.idp, &server.directory);
        let mut desk = desk(idp).await;
        let gloria = user(&mut desk, directory.domain, person("gloria", "Gloria Globe", Some("globex"))).await;
        grant_in(&mut desk, directory.domain, gloria, "administrator", Some("globex")).await;
        customer_below(&mut desk, directory.domain, "acme", BELOW).await;
        let bertha = user(&mut desk, directory.domain, person("bertha", "Bertha Below", Some(BELOW))).await;
        grant_in(&mut desk, directory.domain, bertha, "administrator", Some(BELOW)).await;
        desk.commit().await.unwrap();
        for user in [directory.alice, gloria, bertha, directory.admin] {
            set_password(idp, user, PASSWORD, false).await;
        }
        let app = server.client("app", |definition| definition.customer = Some(directory.acme)).await;
        let delegate = server.confidential("delegate").await;
        let all = directory.function("administrator");
        let robot = server.client("robot", |definition| definition.permission_scope = all).await;
        settled(&server).await;
        notary(&server, None).sign_now().await.unwrap();
        Self { server, app, delegate, robot, gloria, bertha }
    }

    /// Who is behind the credentials of a caller.
    pub(super) fn person(&self, caller: Caller) -> Option<UserId> {
        match caller {
            Caller::Nobody => None,
            Caller::User => Some(self.server.directory.alice),
            Caller::Other => Some(self.gloria),
            Caller::Below => Some(self.bertha),
            Caller::Admin | Caller::Token | Caller::Reader | Caller::Script => Some(self.server.directory.admin),
        }
    }

    pub(super) async fn credential(&self, caller: Caller) -> Credential {
        let Some(user) = self.person(caller) else { return Credential::None };
        let idp = &self.server.idp;
        match caller {
            Caller::Nobody => Credential::None,
            Caller::User | Caller::Other | Caller::Below | Caller::Admin => {
                Credential::Token(sessions::start(idp, user, HOME).await)
            }
            Caller::Token => {
                let admin = self.server.admin();
                admin.keep(SESSION, &sessions::start(idp, user, HOME).await);
                Credential::Token(self.delegate.tokens_for(&admin).await.access)
            }
            Caller::Reader => Credential::ApiKey(issue_read_only_key(idp, user).await.to_string()),
            Caller::Script => {
                let asked = [("grant_type", "client_credentials"), ("client_id", "robot"), ("scope", "openid")];
                let request = with("argus-api-key", &self.server.directory.admin_key, form(TOKEN, &asked));
                let answer = self.robot.send(request).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                Credential::Token(answer.json()["access_token"].as_str().unwrap().to_owned())
            }
        }
    }
}

impl Credential {
    /// The request with it: to a page, as a browser of ours would send it.
    pub(super) fn sign(&self, page: bool, request: Request<Body>) -> Request<Body> {
        let request = if page { with("sec-fetch-site", "same-origin", request) } else { request };
        match self {
            Self::None => request,
            Self::Token(token) if page => with("cookie", &format!("{SESSION}={token}"), request),
            Self::Token(token) => with("authorization", &format!("Bearer {token}"), request),
            Self::ApiKey(key) => with("argus-api-key", key, request),
        }
    }
}
