//! `POST /authentication/v1/oauth/token`: RFC 6749 §3.2. Two round trips to Postgres per request that succeeds. And `GET`, with
//! which an application verifies a token.

mod authorization_code;
mod client_credentials;
mod proven;
mod refresh_token;
mod reply;
pub mod verify;

pub use verify::get;

use super::forms::TokenForm;
use crate::http::{Forwarded, Idp, OAuthError, OAuthForm, RequestId, client_authentication::PresentedClient};
use axum::{extract::State, http::HeaderMap, response::Response};
use reply::Tokens;

/// One request, parsed.
struct TokenRequest {
    idp: Idp,
    id: RequestId,
    forwarded: Forwarded,
    presented: PresentedClient,
    form: OAuthForm,
}

/// Exchanges a code or a refresh token for tokens, or gives a script a token.
///
/// # Errors
/// RFC 6749 §5.2; 503 when nothing could be decided.
#[utoipa::path(post, path = "/authentication/v1/oauth/token", security((), ("client" = []), ("apiKey" = [])),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The tokens.", body = Tokens), OAuthError))]
pub async fn post(
    State(idp): State<Idp>,
    id: RequestId,
    forwarded: Forwarded,
    headers: HeaderMap,
    form: OAuthForm,
) -> Result<Response, OAuthError> {
    let grant_type = form.required("grant_type")?.to_owned();
    let presented = PresentedClient::read(&headers, &form)?;
    let request = TokenRequest { idp, id, forwarded, presented, form };
    match grant_type.as_str() {
        "authorization_code" => authorization_code::exchange(request).await,
        "refresh_token" => refresh_token::exchange(request).await,
        "client_credentials" => client_credentials::issue(request, &headers).await,
        _ => Err(OAuthError::UnsupportedGrantType),
    }
}
