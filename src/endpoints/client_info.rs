//! `GET /authentication/v1/client` and `GET /authentication/v1/methods`: what anybody may know before signing in.

use crate::http::{ArgusError, Envelope, Origin, Page, Reply};
use serde::Serialize;
use utoipa::ToSchema;

/// The ways of proving who one is that this server has.
const METHODS: [&str; 2] = ["PASSWORD", "APIKEY"];

/// What the server sees of whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnauthenticatedClientInfo {
    /// The address, behind the proxies that the server trusts.
    #[serde(rename = "clientIP")]
    client_ip: String,
}

/// The address that the server sees.
///
/// # Errors
/// 401 for a chain of proxies that cannot be read.
#[utoipa::path(get, path = "/authentication/v1/client", security(()),
    responses((status = 200, description = "The address.", body = Envelope<UnauthenticatedClientInfo>), ArgusError))]
pub async fn client(origin: Origin) -> Reply {
    Reply::ok(UnauthenticatedClientInfo { client_ip: origin.caller.0.to_string() })
}

/// The ways of proving who one is that this server has.
#[utoipa::path(get, path = "/authentication/v1/methods", security(()),
    responses((status = 200, description = "Their names.", body = Envelope<Vec<String>>)))]
pub async fn methods() -> Reply {
    Reply::list(&METHODS, Page::whole(METHODS.len()))
}
