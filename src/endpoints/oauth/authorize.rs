//! `POST /authentication/v1/oauth/authorize`: the portal's call for the user who is signed in to it. It answers with the code
//! instead of sending the browser somewhere.

use crate::{
    http::{ArgusError, Caller, Credential, Envelope, Idp, Intent, JsonBody, OAuthForm, Reply},
    tokens::authorization::{AuthorizationError, AuthorizationRequest, NotAuthorized, Proven, issue_code, refuse},
};
use aggregates::values::RedirectUri;
use axum::{extract::State, http::request::Parts};
use serde::Serialize;
use utoipa::ToSchema;

/// Issues a code: 201 `{authorizationCode, redirectURI, state}`. Beside the API's fields it takes `codeChallenge` and
/// `codeChallengeMethod`, which public clients need.
///
/// # Errors
/// 403 for anything but a session of the user's own, and for a user who may not use the client; 412 for a bad field.
#[utoipa::path(post, path = "/authentication/v1/oauth/authorize", request_body = AuthorizeRequest,
    responses((status = 201, description = "A code.", body = Envelope<IssuedCode>), ArgusError))]
pub async fn post(
    State(idp): State<Idp>,
    mut parts: Parts,
    body: Result<JsonBody, ArgusError>,
) -> Result<Reply, ArgusError> {
    let asked = body.and_then(Asked::parse);
    // Who asks comes before what is wrong with the question, and both are looked up in one round trip.
    let client = asked.as_ref().ok().map(|asked| idp.named(&asked.client));
    let (caller, standing) = Caller::beside(&mut parts, &idp, Intent::Change, client).await?;
    let Credential::Session(_) = caller.credential else { return Err(ArgusError::Denied) };
    let asked = asked?;
    let Some(proven) = Proven::new(standing.client.as_ref(), Some(&asked.redirect_uri)) else {
        return Err(ArgusError::field("clientID", "no such client, or the redirect URI is not one of its own"));
    };
    let request = match AuthorizationRequest::parse(&asked.form, &proven.client) {
        Ok(request) => request,
        Err(error) => {
            refuse(&idp, &caller.context, &standing, (&asked.form, error)).await;
            return Err(told(error));
        }
    };
    match issue_code(&idp, &caller.context, &standing, proven.redirect_uri.clone(), request).await {
        Ok(authorization_code) => {
            let issued =
                IssuedCode { authorization_code, redirect_uri: proven.redirect_uri.clone(), state: asked.state };
            Ok(Reply::created(issued))
        }
        // Recorded already, with the client.
        Err(NotAuthorized::Denied(_)) => Err(ArgusError::NotHeld),
        Err(NotAuthorized::Unavailable) => Err(ArgusError::Unavailable),
    }
}

/// The body.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what `Asked` reads")]
struct AuthorizeRequest {
    /// The client's UUID, or its short name.
    #[schema(rename = "clientID")]
    client_id: String,
    /// One of its own redirect URIs.
    #[schema(rename = "redirectURI")]
    redirect_uri: String,
    /// `code`, and nothing else.
    #[schema(min_items = 1)]
    response_type: Vec<String>,
    /// What is asked for.
    scope: Option<Vec<String>>,
    /// Comes back as it was.
    state: Option<String>,
    /// Comes back in the `id_token`.
    nonce: Option<String>,
    /// PKCE (RFC 7636): needed by clients without a secret.
    code_challenge: Option<String>,
    /// `S256`.
    code_challenge_method: Option<String>,
}

/// What the portal sends on to the client.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct IssuedCode {
    /// The code, to be redeemed once.
    authorization_code: String,
    /// Where to.
    #[serde(rename = "redirectURI")]
    #[schema(value_type = String)]
    redirect_uri: RedirectUri,
    /// As it was sent.
    state: Option<String>,
}

/// The fields of the request, with those that OAuth names otherwise as a form.
struct Asked {
    client: String,
    redirect_uri: String,
    state: Option<String>,
    form: OAuthForm,
}

impl Asked {
    fn parse(body: JsonBody) -> Result<Self, ArgusError> {
        let mut fields = body.fields();
        let client = fields.required_text("clientID");
        let redirect_uri = fields.required_text("redirectURI");
        let response_type = fields.required_texts("responseType");
        let scope = fields.texts("scope");
        let state = fields.text("state");
        let nonce = fields.text("nonce");
        let challenge = fields.text("codeChallenge");
        let method = fields.text("codeChallengeMethod");
        fields.finish()?;
        let form = OAuthForm::of([
            ("response_type", Some(response_type.join(" "))),
            ("scope", scope.map(|scope| scope.join(" "))),
            ("nonce", nonce),
            ("code_challenge", challenge),
            ("code_challenge_method", method),
        ]);
        Ok(Self { client, redirect_uri, state, form })
    }
}

/// Which field of the API the parameter of the error is.
fn told(error: AuthorizationError) -> ArgusError {
    let field = match error.code {
        "unsupported_response_type" => "responseType",
        "invalid_scope" => "scope",
        _ if error.description.contains("challenge") => "codeChallenge",
        _ => "nonce",
    };
    ArgusError::field(field, error.description)
}
