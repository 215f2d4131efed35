//! The demo's relying party: a small application of its own, on a port of its own, that signs people in through the server exactly as
//! any other would. Confidential client, code flow with PKCE, `state` and `nonce` (OpenID Connect Core §3.1, RFC 9700 §2.1).
//!
//! It speaks plain http to loopback addresses only and keeps its sessions in memory: an example to read, and what `argus demo` shows.

mod flow;
mod handlers;
mod http;
mod id_token;
mod provider;
mod sessions;
mod trouble;
mod views;

use super::assets;
use crate::{clock::Clock, entropy::Entropy};
use axum::{
    Router,
    middleware::map_response,
    response::Response,
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::sync::Arc;
use tower_http::csrf::CsrfLayer;
use url::Url;

/// What a relying party is told when it is registered.
pub struct Settings {
    /// What the application calls itself.
    pub name: String,
    /// The provider, as it names itself in tokens.
    pub issuer: Url,
    /// Its own address, without a path; the redirect URI is `/callback` below it.
    pub address: Url,
    /// The id of its client.
    pub client_id: String,
    /// The secret of its client.
    pub client_secret: String,
}

/// The application, with what it remembers.
struct RelyingParty {
    settings: Settings,
    provider: provider::Provider,
    sessions: sessions::Sessions,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl RelyingParty {
    /// 256 random bits for a URL: session id, state, nonce, code verifier (RFC 7636 §4.1).
    fn random(&self) -> String {
        let mut bits = [0; 32];
        self.entropy.fill(&mut bits);
        URL_SAFE_NO_PAD.encode(bits)
    }

    fn redirect_uri(&self) -> String {
        redirect_uri(&self.settings.address)
    }
}

/// The redirect URI to register for the relying party at this address.
#[must_use]
pub fn redirect_uri(address: &Url) -> String {
    format!("{}/callback", address.as_str().trim_end_matches('/'))
}

/// Every route of the application.
pub fn router(settings: Settings, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Router {
    let provider = provider::Provider::new(settings.issuer.clone());
    let sessions = sessions::Sessions::default();
    Router::new()
        .route("/", get(handlers::home))
        .route("/sign-in", get(handlers::sign_in))
        .route("/callback", get(handlers::callback))
        .route("/refresh", post(handlers::refresh))
        .route("/sign-out", post(handlers::sign_out))
        .route(assets::ROUTE, get(assets::get))
        .layer(CsrfLayer::new())
        .layer(map_response(secure))
        .with_state(Arc::new(RelyingParty { settings, provider, sessions, clock, entropy }))
}

async fn secure(mut response: Response) -> Response {
    super::headers::set(response.headers_mut(), false);
    response
}
