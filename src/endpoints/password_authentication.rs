//! `POST /authentication/v1/password/authentication`: the SDK's sign-in; and `POST /authentication/v1/password/authenticate`, the
//! older one, which answers with the flat credentials.

use crate::{
    directory::authenticate::{Attempt, SignedIn, sign_in},
    http::{ArgusError, Idp, JsonBody, Origin, Reply, cookies},
};
use axum::extract::State;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use zeroize::Zeroizing;

/// Signs in: 200 with the session's token and key and the cookie; 221 when the password must be changed first.
///
/// # Errors
/// 401, the same for an unknown user and a wrong password; 412; 429.
pub async fn post(State(idp): State<Idp>, origin: Origin, body: JsonBody) -> Result<Reply, ArgusError> {
    let signed_in = signed_in(&idp, &origin, body).await?;
    Ok(reply(&idp, &signed_in).with_cookie(cookies::set(&idp, cookies::SESSION, &signed_in.token)))
}

/// Signs in as of old: 200 with the session's token and the cookie; 221 when the password must be changed first.
///
/// # Errors
/// 401, the same for an unknown user and a wrong password; 412; 429.
pub async fn legacy(State(idp): State<Idp>, origin: Origin, body: JsonBody) -> Result<Reply, ArgusError> {
    let signed_in = signed_in(&idp, &origin, body).await?;
    let cookie = cookies::set(&idp, cookies::SESSION, &signed_in.token);
    if signed_in.must_change_password {
        return Ok(reply(&idp, &signed_in).with_cookie(cookie));
    }
    let credentials = json!({
        "clientIP": origin.caller.0.to_string(),
        "requestCredentialsType": "sessionToken",
        "requestCredentialsData": signed_in.token,
    });
    Ok(Reply::ok(credentials).with_cookie(cookie))
}

async fn signed_in(idp: &Idp, origin: &Origin, body: JsonBody) -> Result<SignedIn, ArgusError> {
    let mut fields = body.fields();
    let user_name = fields.required_text("userName");
    let password = Zeroizing::new(fields.required_text("password"));
    let domain = fields.text("domain");
    // What may be requested here are authorizations for steps that this server asks for by itself.
    fields.texts("requestedAuthorizations");
    fields.finish()?;
    let attempt = Attempt {
        domain: domain.as_deref(),
        user_name: &user_name,
        password,
        caller: origin.caller,
        request: &origin.request,
        present: None,
    };
    Ok(sign_in(idp, attempt).await?)
}

fn reply(idp: &Idp, signed_in: &SignedIn) -> Reply {
    let credentials = json!({ "requestCredentialsType": "sessionToken", "requestCredentialsData": signed_in.token });
    let session_key = STANDARD.encode(idp.keys.csrf_key(signed_in.session));
    if !signed_in.must_change_password {
        return Reply::ok(json!({ "credentials": credentials, "sessionKey": session_key, "authorizations": [] }));
    }
    // The schema's flat fields for this status, and `credentials`, which the SDK reads.
    Reply::password_change_required(json!({
        "credentials": credentials,
        "sessionKey": session_key,
        "requestCredentialsType": "sessionToken",
        "requestCredentialsData": signed_in.token,
        "uri": idp.url("/password"),
    }))
}
