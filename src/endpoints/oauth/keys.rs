//! `GET /oauth2/keys`: the public signing keys (RFC 7517), with their successors. No round trip to Postgres.

use crate::http::Idp;
use axum::{Json, extract::State, http::header, response::IntoResponse};

/// The key set.
#[utoipa::path(get, path = "/oauth2/keys", security(()),
    responses((status = 200, description = "A JSON Web Key Set (RFC 7517).", body = Object, content_type = "application/json")))]
pub async fn get(State(idp): State<Idp>) -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, "public, max-age=300"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")],
        Json(&*idp.signing.jwks()).into_response(),
    )
}
