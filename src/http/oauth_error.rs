//! The answers of RFC 6749 §5.2 and RFC 6750 §3.1: registered codes, fixed statuses, descriptions from this list alone.

use crate::{database::QueryError, event_store::StorageError};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;

/// The body of an error (RFC 6749 §5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthErrorBody {
    /// The registered code.
    error: &'static str,
    /// For developers.
    error_description: String,
}

/// Why an OAuth endpoint refuses. Nothing that the caller sent is ever repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OAuthError {
    /// 400 `invalid_request`.
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// 400 `invalid_request`: this parameter is missing.
    #[error("a parameter is missing")]
    MissingParameter(&'static str),
    /// 401 `invalid_client`, with a Basic challenge.
    #[error("client authentication failed")]
    InvalidClient,
    /// 400 `invalid_grant`.
    #[error("the code or token is not valid")]
    InvalidGrant,
    /// 400 `unauthorized_client`.
    #[error("the client is not for this grant type")]
    UnauthorizedClient,
    /// 400 `unsupported_grant_type`.
    #[error("the grant type is not supported")]
    UnsupportedGrantType,
    /// 400 `invalid_scope`.
    #[error("the scope is malformed or exceeds what may be granted")]
    InvalidScope,
    /// 401 `invalid_token`, with a Bearer challenge.
    #[error("the token is not valid here")]
    InvalidToken,
    /// 401 with a bare Bearer challenge: no token was sent (RFC 6750 §3.1).
    #[error("a bearer token is required")]
    MissingToken,
    /// 403 `insufficient_scope`.
    #[error("the token was not issued for this")]
    InsufficientScope,
    /// 413 `invalid_request`.
    #[error("the request is too large")]
    TooLarge,
    /// 503 `temporarily_unavailable`: nothing was decided.
    #[error("try again in a moment")]
    Unavailable,
}

impl OAuthError {
    /// The registered code and the status.
    #[must_use]
    pub const fn code(self) -> (&'static str, StatusCode) {
        match self {
            Self::InvalidRequest(_) | Self::MissingParameter(_) => ("invalid_request", StatusCode::BAD_REQUEST),
            Self::InvalidClient => ("invalid_client", StatusCode::UNAUTHORIZED),
            Self::InvalidGrant => ("invalid_grant", StatusCode::BAD_REQUEST),
            Self::UnauthorizedClient => ("unauthorized_client", StatusCode::BAD_REQUEST),
            Self::UnsupportedGrantType => ("unsupported_grant_type", StatusCode::BAD_REQUEST),
            Self::InvalidScope => ("invalid_scope", StatusCode::BAD_REQUEST),
            Self::InvalidToken | Self::MissingToken => ("invalid_token", StatusCode::UNAUTHORIZED),
            Self::InsufficientScope => ("insufficient_scope", StatusCode::FORBIDDEN),
            Self::TooLarge => ("invalid_request", StatusCode::PAYLOAD_TOO_LARGE),
            Self::Unavailable => ("temporarily_unavailable", StatusCode::SERVICE_UNAVAILABLE),
        }
    }

    fn description(self) -> String {
        match self {
            Self::MissingParameter(name) => format!("the parameter {name} is missing"),
            other => other.to_string(),
        }
    }

    fn challenge(self) -> Option<HeaderValue> {
        match self {
            Self::InvalidClient => Some(HeaderValue::from_static("Basic realm=\"argus\", charset=\"UTF-8\"")),
            Self::MissingToken => Some(HeaderValue::from_static("Bearer realm=\"argus\"")),
            Self::InvalidToken => Some(HeaderValue::from_static("Bearer realm=\"argus\", error=\"invalid_token\"")),
            Self::InsufficientScope => {
                Some(HeaderValue::from_static("Bearer realm=\"argus\", error=\"insufficient_scope\", scope=\"openid\""))
            }
            _ => None,
        }
    }
}

impl From<StorageError> for OAuthError {
    /// Storage down means closed. The cause goes to the log, here and once.
    fn from(cause: StorageError) -> Self {
        tracing::error!(%cause, "storage failed; the request was refused");
        Self::Unavailable
    }
}

impl From<QueryError> for OAuthError {
    fn from(cause: QueryError) -> Self {
        StorageError::from(cause).into()
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let (code, status) = self.code();
        let body = Json(OAuthErrorBody { error: code, error_description: self.description() });
        let mut response = (status, [(header::CACHE_CONTROL, "no-store")], body).into_response();
        if let Some(challenge) = self.challenge() {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
