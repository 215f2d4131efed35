//! From where a request comes, for what is checked or recorded beside it.

use super::{ArgusError, CallerIp, Forwarded, Idp, RequestId};
use axum::{extract::FromRequestParts, http::request::Parts};

/// Who called, by address, and under which id.
#[derive(Clone)]
pub struct Origin {
    /// The caller.
    pub caller: CallerIp,
    /// The request.
    pub request: RequestId,
}

impl FromRequestParts<Idp> for Origin {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, idp: &Idp) -> Result<Self, ArgusError> {
        let forwarded = Forwarded::from_request_parts(parts, idp).await.map_err(|_| ArgusError::NotAuthenticated)?;
        let Ok(request) = RequestId::from_request_parts(parts, idp).await;
        Ok(Self { caller: forwarded.caller, request })
    }
}
