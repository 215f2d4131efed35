//! `GET /.well-known/openid-configuration` (OpenID Connect Discovery §3) and `GET /.well-known/oauth-authorization-server`
//! (RFC 8414): only what works. No round trip to Postgres.

use crate::{http::Idp, tokens::claims::BY_SCOPE};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use serde_json::{Value, json};

/// The metadata document, the same at both places.
#[utoipa::path(get, path = "/.well-known/openid-configuration", security(()),
    responses((status = 200, description = "The metadata (RFC 8414).", body = Object, content_type = "application/json")))]
pub async fn get(State(idp): State<Idp>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=300"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], Json(document(&idp)))
}

fn document(idp: &Idp) -> Value {
    let scopes: Vec<&str> = BY_SCOPE.iter().map(|(scope, _)| *scope).collect();
    let mut claims = vec!["iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "amr", "sid"];
    claims.extend(BY_SCOPE.iter().flat_map(|(_, names)| names.iter().copied()));
    json!({
        "issuer": idp.issuer(),
        "authorization_endpoint": idp.url("/oauth2/authorize"),
        "token_endpoint": idp.url("/authentication/v1/oauth/token"),
        "introspection_endpoint": idp.url("/authentication/v1/oauth/token/introspect"),
        "revocation_endpoint": idp.url("/authentication/v1/oauth/token/revoke"),
        "userinfo_endpoint": idp.url("/authentication/v1/oauth/userinfo"),
        "end_session_endpoint": idp.url("/logout"),
        "jwks_uri": idp.url("/oauth2/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "prompt_values_supported": ["none", "login", "select_account", "consent"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": scopes,
        "claims_supported": claims,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    })
}
