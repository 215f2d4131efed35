//! `POST /authentication/v1/password/authentication`: the SDK's sign-in; and `POST /authentication/v1/password/authenticate`, the
//! older one, which answers with the flat credentials.

use crate::{
    directory::authenticate::{Attempt, SignedIn, sign_in},
    http::{
        ArgusError, Envelope, Idp, JsonBody, Origin, Reply, cookies,
        started_session::{RequestCredentials, StartedSession, session_key},
    },
};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// Who wants to sign in.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body that `signed_in` reads")]
struct SignInFields {
    /// The user name.
    #[schema(min_length = 1)]
    user_name: String,
    /// The password.
    #[schema(min_length = 1, format = Password)]
    password: String,
    /// The domain, by short name; the default domain unless given.
    domain: Option<String>,
    /// Read by nobody: what may be requested here are authorizations for steps that this server asks for by itself.
    requested_authorizations: Option<Vec<String>>,
}

/// A session that can do nothing but choose a new password: the schema's flat fields for this status, and `credentials`, which the
/// SDK reads.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PasswordChangeRequired {
    credentials: RequestCredentials,
    #[serde(flatten)]
    flat: RequestCredentials,
    /// The key that signs CSRF tokens, in base64.
    session_key: String,
    /// Where a person changes the password.
    uri: String,
}

/// A session's token, as the older call answers.
#[derive(Serialize, ToSchema)]
struct FlatCredentials {
    /// The address that the session is bound to.
    #[serde(rename = "clientIP")]
    client_ip: String,
    #[serde(flatten)]
    credentials: RequestCredentials,
}

/// Signs in: 200 with the session's token and key and the cookie; 221 when the password must be changed first.
///
/// # Errors
/// 401, the same for an unknown user and a wrong password; 412; 429.
#[utoipa::path(post, path = "/authentication/v1/password/authentication", security(()), request_body = SignInFields,
    responses(
        (status = 200, description = "Signed in.", body = Envelope<StartedSession>),
        (status = 221, description = "Signed in; the password must be changed.", body = Envelope<PasswordChangeRequired>),
        ArgusError,
    ))]
pub async fn post(State(idp): State<Idp>, origin: Origin, body: JsonBody) -> Result<Reply, ArgusError> {
    let signed_in = signed_in(&idp, &origin, body).await?;
    let cookie = cookies::set(&idp, cookies::SESSION, &signed_in.token);
    let reply = if signed_in.must_change_password {
        change_required(&idp, signed_in)
    } else {
        Reply::ok(StartedSession::new(&idp, signed_in.session, signed_in.token))
    };
    Ok(reply.with_cookie(cookie))
}

/// Signs in as of old: 200 with the session's token and the cookie; 221 when the password must be changed first.
///
/// # Errors
/// 401, the same for an unknown user and a wrong password; 412; 429.
#[utoipa::path(post, path = "/authentication/v1/password/authenticate", security(()), request_body = SignInFields,
    responses(
        (status = 200, description = "Signed in.", body = Envelope<FlatCredentials>),
        (status = 221, description = "Signed in; the password must be changed.", body = Envelope<PasswordChangeRequired>),
        ArgusError,
    ))]
pub async fn legacy(State(idp): State<Idp>, origin: Origin, body: JsonBody) -> Result<Reply, ArgusError> {
    let signed_in = signed_in(&idp, &origin, body).await?;
    let cookie = cookies::set(&idp, cookies::SESSION, &signed_in.token);
    let reply = if signed_in.must_change_password {
        change_required(&idp, signed_in)
    } else {
        let credentials = RequestCredentials::new(signed_in.token);
        Reply::ok(FlatCredentials { client_ip: origin.caller.0.to_string(), credentials })
    };
    Ok(reply.with_cookie(cookie))
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

fn change_required(idp: &Idp, signed_in: SignedIn) -> Reply {
    Reply::password_change_required(PasswordChangeRequired {
        credentials: RequestCredentials::new(signed_in.token.clone()),
        flat: RequestCredentials::new(signed_in.token),
        session_key: session_key(idp, signed_in.session),
        uri: idp.url("/password"),
    })
}
