//! `GET` and `POST /oauth2/authorize`: the authorization endpoint for browsers (RFC 6749 §3.1, OpenID Connect Core §3.1.2).
//!
//! The steps in order: prove client and redirect URI (else our own page, never a redirect) · parse the request · is a sign-in
//! needed? · pass the door · send the code. Two round trips to Postgres when the user is signed in.

use super::{
    browser::{Browser, with_cookies},
    resume::{Resume, by_way_of},
    views::{Fault, Problem},
};
use crate::{
    event_store::Context,
    http::{Idp, OAuthError, OAuthForm, RepeatableForm},
    tokens::authorization::{
        ACCESS_DENIED, AuthorizationError, AuthorizationRequest, LOGIN_REQUIRED, NotAuthorized, Prompt, Proven,
        UNAVAILABLE, issue_code, refuse,
    },
};
use aggregates::values::{RedirectUri, Timestamp};
use axum::{
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use projections::standing::Standing;
use url::{Url, form_urlencoded};

/// More than this is not an authorization request.
const LONGEST: usize = 16 * 1024;

/// The request in the query string; or one that comes back from a sign-in, sealed in `resume`.
pub async fn get(State(idp): State<Idp>, browser: Browser, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    match sealed_in(query) {
        None => begin(&idp, &browser, query.to_owned(), None).await,
        Some(sealed) => match Resume::open(&idp, sealed, &browser) {
            Some(resume) => begin(&idp, &browser, resume.parameters, Some(resume.since)).await,
            None => Problem::new(Fault::Expired, &browser.request).into_response(),
        },
    }
}

/// The request in a form. A form from another site comes without our session cookie (`SameSite=Lax`), so it goes on as a `GET`.
pub async fn post(browser: Browser, form: Result<RepeatableForm, OAuthError>) -> Response {
    match form {
        Ok(RepeatableForm(form)) => match form.encoded() {
            parameters if parameters.len() <= LONGEST => to(format!("/oauth2/authorize?{parameters}")),
            _ => Problem::new(Fault::TooLarge, &browser.request).into_response(),
        },
        Err(error) => Problem::new(Fault::of(error), &browser.request).into_response(),
    }
}

fn sealed_in(query: &str) -> Option<&str> {
    query.strip_prefix("resume=").filter(|sealed| !sealed.contains('&'))
}

/// A request whose client and redirect URI are proven, with all that its answer needs.
struct Step<'a> {
    idp: &'a Idp,
    browser: &'a Browser,
    standing: Standing,
    proven: Proven,
    parameters: String,
    since: Option<Timestamp>,
    state: Option<String>,
}

async fn begin(idp: &Idp, browser: &Browser, parameters: String, since: Option<Timestamp>) -> Response {
    let problem = |fault| Problem::new(fault, &browser.request).into_response();
    let form = match OAuthForm::parse_with_repetitions(&parameters) {
        Ok(form) if parameters.len() <= LONGEST => form,
        _ => return problem(Fault::UnprovenClient),
    };
    let Some(client) = form.get("client_id") else { return problem(Fault::UnprovenClient) };
    let Ok(standing) = browser.look_up(idp, Some(client)).await else { return problem(Fault::Unavailable) };
    let Some(proven) = Proven::new(standing.client.as_ref(), form.get("redirect_uri")) else {
        return problem(Fault::UnprovenClient);
    };
    let state = form.get("state").map(str::to_owned);
    let step = Step { idp, browser, standing, proven, parameters, since, state };
    match AuthorizationRequest::parse(&form, &step.proven.client) {
        Ok(request) => step.decide(request).await,
        Err(error) => step.refuse(error).await,
    }
}

impl Step<'_> {
    async fn decide(self, request: AuthorizationRequest) -> Response {
        if !self.needs_sign_in(&request) {
            return self.issue(request).await;
        }
        match request.prompt {
            Prompt::Never => self.refuse(LOGIN_REQUIRED).await,
            Prompt::AsNeeded | Prompt::SignIn => self.send_to_sign_in(),
        }
    }

    fn needs_sign_in(&self, request: &AuthorizationRequest) -> bool {
        let Some(session) = &self.standing.session else { return true };
        if session.must_change_password {
            return true;
        }
        // Whoever signed in since the request began has done what it asks for.
        if self.since.is_some_and(|since| session.authenticated_at >= since) {
            return false;
        }
        let age = self.idp.now().seconds_since(session.authenticated_at);
        request.prompt == Prompt::SignIn || request.max_age.is_some_and(|most| age > most || most == 0)
    }

    fn send_to_sign_in(self) -> Response {
        let (recognised_by, cookie) = self.browser.marked(self.idp);
        let resume = Resume {
            parameters: self.parameters,
            since: self.idp.now(),
            application: self.proven.client.definition.name.to_string(),
            host: host(&self.proven.redirect_uri),
            browser: recognised_by,
        };
        let must_change = self.standing.session.as_ref().is_some_and(|session| session.must_change_password);
        let page = if must_change { "/password" } else { "/login" };
        match resume.seal(self.idp) {
            Some(sealed) => with_cookies(to(by_way_of(page, &sealed)), [cookie]),
            None => Problem::new(Fault::Unavailable, &self.browser.request).into_response(),
        }
    }

    fn context(&self) -> Context {
        self.idp.context_of(&self.browser.request, &self.standing, self.browser.caller)
    }

    /// Remembers a refusal that came before the door, under the cap, and tells the client.
    async fn refuse(self, error: AuthorizationError) -> Response {
        let form = OAuthForm::parse_with_repetitions(&self.parameters).unwrap_or_default();
        refuse(self.idp, &self.context(), &self.standing, (&form, error)).await;
        self.tell(error)
    }

    async fn issue(self, request: AuthorizationRequest) -> Response {
        let context = self.context();
        match issue_code(self.idp, &context, &self.standing, self.proven.redirect_uri.clone(), request).await {
            Ok(code) => self.answer(&[("code", &code)]),
            Err(NotAuthorized::Denied(_)) => self.tell(ACCESS_DENIED),
            Err(NotAuthorized::Unavailable) => self.tell(UNAVAILABLE),
        }
    }

    fn tell(&self, error: AuthorizationError) -> Response {
        self.answer(&[("error", error.code), ("error_description", error.description)])
    }

    /// To the proven redirect URI, with `state` as it came and `iss` (RFC 9207).
    fn answer(&self, parameters: &[(&str, &str)]) -> Response {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        query.extend_pairs(self.state.iter().map(|state| ("state", state)));
        query.append_pair("iss", self.idp.issuer());
        let uri = self.proven.redirect_uri.as_str();
        let separator = if uri.contains('?') { '&' } else { '?' };
        // The empty fragment keeps a browser from carrying one over (RFC 9700 §4.1.3).
        to(format!("{uri}{separator}{}#", query.finish()))
    }
}

/// 303: a browser follows it with `GET` and without the form (RFC 9700 §4.12).
fn to(location: String) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::REFERRER_POLICY, "no-referrer".to_owned())])
        .into_response()
}

/// Host and port of a redirect URI, for people to look at; never for a decision.
fn host(uri: &RedirectUri) -> String {
    let url = Url::parse(uri.as_str()).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    match url.as_ref().and_then(Url::port) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
