//! What a sign-in answers: the credentials of the session that it started.

use super::Idp;
use aggregates::ids::SessionId;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use utoipa::ToSchema;

/// A session that was started just now. It has no `Debug`, since it holds the token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartedSession {
    credentials: RequestCredentials,
    /// The key that signs CSRF tokens, in base64.
    session_key: String,
    /// Always empty: nothing that this server asks for needs one.
    authorizations: Vec<String>,
}

/// The token. It has no `Debug`, since it holds it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequestCredentials {
    /// Always `sessionToken`.
    request_credentials_type: &'static str,
    /// `username/opaque`.
    request_credentials_data: String,
}

impl RequestCredentials {
    /// A session's token.
    #[must_use]
    pub const fn new(token: String) -> Self {
        Self { request_credentials_type: "sessionToken", request_credentials_data: token }
    }
}

impl StartedSession {
    /// The session with its token.
    #[must_use]
    pub fn new(idp: &Idp, session: SessionId, token: String) -> Self {
        Self {
            credentials: RequestCredentials::new(token),
            session_key: session_key(idp, session),
            authorizations: Vec::new(),
        }
    }
}

/// The key with which the holder of a session signs CSRF tokens, in standard base64.
#[must_use]
pub fn session_key(idp: &Idp, session: SessionId) -> String {
    STANDARD.encode(idp.keys.csrf_key(session))
}
