//! `POST /authentication/v1/oauth/authorize`: the portal's call for the user who is signed in to it. It answers with the code
//! instead of sending the browser somewhere.

use crate::{
    http::{ArgusError, Caller, Credential, Idp, Intent, JsonBody, OAuthForm, Reply},
    tokens::authorization::{AuthorizationError, AuthorizationRequest, NotAuthorized, Proven, issue_code},
};
use axum::{extract::State, http::request::Parts};
use serde_json::json;

/// Issues a code: 201 `{authorizationCode, redirectURI, state}`. Beside the API's fields it takes `codeChallenge` and
/// `codeChallengeMethod`, which public clients need.
///
/// # Errors
/// 403 for anything but a session of the user's own, and for a user who may not use the client; 412 for a bad field.
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
    let request = AuthorizationRequest::parse(&asked.form, &proven.client).map_err(told)?;
    match issue_code(&idp, &caller.context, &standing, proven.redirect_uri.clone(), request).await {
        Ok(code) => Ok(Reply::created(json!({
            "authorizationCode": code,
            "redirectURI": proven.redirect_uri,
            "state": asked.state,
        }))),
        Err(NotAuthorized::Denied(_)) => Err(ArgusError::Denied),
        Err(NotAuthorized::Unavailable) => Err(ArgusError::Unavailable),
    }
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
