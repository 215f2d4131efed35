//! An id for each request: in the log, in every event it causes, and in the answer's `x-request-id`. Never taken from the caller.

use super::Idp;
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, request::Parts},
    middleware::Next,
    response::Response,
};
use std::{convert::Infallible, fmt};

/// The id of the request at hand.
#[derive(Debug, Clone, Default)]
pub struct RequestId(String);

impl RequestId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Gives the request its id.
pub async fn assign(State(idp): State<Idp>, mut request: Request, next: Next) -> Response {
    let id = RequestId(idp.new_id().to_string());
    let header = HeaderValue::from_str(&id.0);
    request.extensions_mut().insert(id);
    let mut response = next.run(request).await;
    if let Ok(value) = header {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
