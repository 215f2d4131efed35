//! The authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1) in the order in which it is believed.
//!
//! First [`Proven`]: the client is real and the redirect URI is, byte for byte, one of its own. Before that there is no value in
//! the types from which a redirect could be built. Then [`AuthorizationRequest`], whose errors go to that redirect URI. Then the
//! door, then the code.

use super::{AuthorizedGrant, Kind, refusals};
use crate::{
    event_store::Context,
    http::{Idp, OAuthForm},
};
use aggregates::{
    grant::{Authorization, Grant, GrantCommand, Refusal},
    values::{RedirectUri, Scope, Seconds, Timestamp, TokenHash},
};
use projections::{
    sessions::SessionRow,
    standing::{Standing, StandingClient},
};
use std::{collections::BTreeSet, str::FromStr};

/// A client that exists, with a redirect URI that is its own.
pub struct Proven {
    /// The client.
    pub client: StandingClient,
    /// The redirect URI.
    pub redirect_uri: RedirectUri,
}

impl Proven {
    /// Proves both. There is no matching: the bytes are equal or they are not.
    #[must_use]
    pub fn new(client: Option<&StandingClient>, redirect_uri: Option<&str>) -> Option<Self> {
        let client = client.filter(|client| client.is_active())?;
        let redirect_uri = client.definition.redirect_uris.iter().find(|known| Some(known.as_str()) == redirect_uri)?;
        Some(Self { client: client.clone(), redirect_uri: redirect_uri.clone() })
    }
}

/// An error that is told to the client at its redirect URI: RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthorizationError {
    /// The registered code.
    pub code: &'static str,
    /// A fixed sentence.
    pub description: &'static str,
}

const fn invalid(description: &'static str) -> AuthorizationError {
    AuthorizationError { code: "invalid_request", description }
}

impl AuthorizationError {
    /// How the audit trail names it.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        match self.code {
            "invalid_scope" => Refusal::InvalidScope,
            "login_required" => Refusal::LoginRequired,
            _ => Refusal::InvalidRequest,
        }
    }
}

/// The user may not use the client.
pub const ACCESS_DENIED: AuthorizationError =
    AuthorizationError { code: "access_denied", description: "the user may not use this client" };
/// `prompt=none`, and the user would have had to act.
pub const LOGIN_REQUIRED: AuthorizationError =
    AuthorizationError { code: "login_required", description: "the user is not signed in" };
/// Nothing was decided.
pub const UNAVAILABLE: AuthorizationError =
    AuthorizationError { code: "temporarily_unavailable", description: "try again in a moment" };

/// What the client wants of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Whatever is needed.
    AsNeeded,
    /// No page may be shown.
    Never,
    /// The user shall prove who they are, anew.
    SignIn,
}

/// A request of a proven client, parsed.
pub struct AuthorizationRequest {
    /// What is asked for.
    pub scopes: BTreeSet<Scope>,
    /// `nonce`.
    pub nonce: Option<String>,
    /// The S256 challenge.
    pub code_challenge: Option<String>,
    /// `prompt`.
    pub prompt: Prompt,
    /// `max_age` in seconds.
    pub max_age: Option<i64>,
}

impl AuthorizationRequest {
    /// Parses and checks the request against the client's definition.
    ///
    /// # Errors
    /// What is told to the client.
    pub fn parse(form: &OAuthForm, client: &StandingClient) -> Result<Self, AuthorizationError> {
        if form.has_repetitions() {
            return Err(invalid("a parameter is included more than once"));
        }
        if form.get("request").is_some() {
            return Err(AuthorizationError {
                code: "request_not_supported",
                description: "request objects are not supported",
            });
        }
        if form.get("request_uri").is_some() {
            return Err(AuthorizationError {
                code: "request_uri_not_supported",
                description: "request objects are not supported",
            });
        }
        match form.get("response_type") {
            Some("code") => {}
            None => return Err(invalid("the parameter response_type is missing")),
            Some(_) => {
                return Err(AuthorizationError {
                    code: "unsupported_response_type",
                    description: "only the response type code is supported",
                });
            }
        }
        if form.get("response_mode").is_some_and(|mode| mode != "query") {
            return Err(invalid("only the response mode query is supported"));
        }
        Ok(Self {
            scopes: scopes(form, client)?,
            nonce: nonce(form)?,
            code_challenge: code_challenge(form, client)?,
            prompt: prompt(form)?,
            max_age: form.get("max_age").map(max_age).transpose()?,
        })
    }
}

fn scopes(form: &OAuthForm, client: &StandingClient) -> Result<BTreeSet<Scope>, AuthorizationError> {
    let refused = AuthorizationError {
        code: "invalid_scope",
        description: "the scope is malformed or not permitted for this client",
    };
    let scopes = parse_scopes(form.get("scope").unwrap_or_default()).map_err(|_| refused)?;
    let permitted = scopes.iter().all(|scope| client.definition.permitted_scopes.permit(scope));
    if permitted { Ok(scopes) } else { Err(refused) }
}

/// Parses a `scope` parameter: RFC 6749 §3.3.
///
/// # Errors
/// `invalid_scope` for a malformed scope, or more than 100.
pub fn parse_scopes(text: &str) -> Result<BTreeSet<Scope>, crate::http::OAuthError> {
    let scopes: Result<BTreeSet<Scope>, _> =
        text.split(' ').filter(|scope| !scope.is_empty()).take(101).map(Scope::from_str).collect();
    scopes.ok().filter(|scopes| scopes.len() <= 100).ok_or(crate::http::OAuthError::InvalidScope)
}

fn nonce(form: &OAuthForm) -> Result<Option<String>, AuthorizationError> {
    match form.get("nonce") {
        Some(nonce) if nonce.len() > 1000 => Err(invalid("the nonce is too long")),
        nonce => Ok(nonce.map(str::to_owned)),
    }
}

/// RFC 7636 §4.3, with S256 as the only method: an absent method means `plain`.
fn code_challenge(form: &OAuthForm, client: &StandingClient) -> Result<Option<String>, AuthorizationError> {
    let is_base64url = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    match (form.get("code_challenge"), form.get("code_challenge_method")) {
        (None, None) if client.definition.require_pkce => Err(invalid("this client must send a code_challenge")),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(invalid("the parameter code_challenge is missing")),
        (Some(challenge), Some("S256")) if challenge.len() == 43 && challenge.bytes().all(is_base64url) => {
            Ok(Some(challenge.to_owned()))
        }
        (Some(_), Some("S256")) => Err(invalid("the code_challenge is malformed")),
        (Some(_), _) => Err(invalid("the code_challenge_method must be S256")),
    }
}

fn prompt(form: &OAuthForm) -> Result<Prompt, AuthorizationError> {
    let values: Vec<&str> =
        form.get("prompt").unwrap_or_default().split(' ').filter(|value| !value.is_empty()).collect();
    if values.iter().any(|value| !matches!(*value, "none" | "login" | "select_account" | "consent")) {
        return Err(invalid("a value of prompt is not supported"));
    }
    match values.as_slice() {
        ["none"] => Ok(Prompt::Never),
        values if values.contains(&"none") => Err(invalid("prompt none excludes every other value")),
        values if values.contains(&"login") || values.contains(&"select_account") => Ok(Prompt::SignIn),
        _ => Ok(Prompt::AsNeeded),
    }
}

fn max_age(text: &str) -> Result<i64, AuthorizationError> {
    let digits = text.bytes().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(invalid("max_age must be a number of seconds"))
}

/// Why no code was issued.
pub enum NotAuthorized {
    /// The door was closed; it is recorded.
    Denied(Refusal),
    /// Nothing was decided.
    Unavailable,
}

/// Remembers, under the cap, an authorization request that was refused before the door.
pub async fn refuse(
    idp: &Idp,
    context: &Context,
    standing: &Standing,
    (form, error): (&OAuthForm, AuthorizationError),
) {
    let refusal = refusals::AtClient {
        scopes: parse_scopes(form.get("scope").unwrap_or_default()).unwrap_or_default(),
        condition: Some(error.description.to_owned()),
        ..refusals::AtClient::new("authorize", error.refusal())
    };
    refusals::remember(idp, context, standing, refusal).await;
}

/// Passes the door and issues a code, or records why not. The second round trip of an authorization.
///
/// # Errors
/// [`NotAuthorized`].
pub async fn issue_code(
    idp: &Idp,
    context: &Context,
    standing: &Standing,
    redirect_uri: RedirectUri,
    request: AuthorizationRequest,
) -> Result<String, NotAuthorized> {
    let now = idp.now();
    let (passed, session) = match AuthorizedGrant::in_session(standing, now) {
        Ok(passed) => passed,
        Err(reason) => {
            let refusal = refusals::AtClient { scopes: request.scopes, ..refusals::AtClient::new("authorize", reason) };
            refusals::remember(idp, context, standing, refusal).await;
            return Err(NotAuthorized::Denied(reason));
        }
    };
    let id = idp.new_id();
    let code = idp.tokens.fresh(Kind::Code, id, 0, idp.entropy.as_ref());
    let lifetime = idp.config.lifetimes.code;
    let command = authorization((&passed, session), redirect_uri, request, (code.hash(), lifetime, now));
    match idp.store.create::<Grant>(id, command, context).await {
        Ok(_) => Ok(idp.tokens.encode(&code)),
        Err(cause) => {
            tracing::error!(%cause, "a code could not be issued");
            Err(NotAuthorized::Unavailable)
        }
    }
}

fn authorization(
    (passed, session): (&AuthorizedGrant<'_>, &SessionRow),
    redirect_uri: RedirectUri,
    request: AuthorizationRequest,
    (code, code_lifetime, now): (TokenHash, Seconds, Timestamp),
) -> GrantCommand {
    GrantCommand::Authorize(Authorization {
        user: passed.user.id,
        session: session.id,
        client: passed.client.id,
        basis: passed.basis(None),
        epochs: passed.epochs(),
        redirect_uri,
        scopes: request.scopes,
        nonce: request.nonce,
        code_challenge: request.code_challenge,
        code,
        code_lifetime,
        address: session.address.clone(),
        now,
    })
}
