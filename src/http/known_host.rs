//! Requests for another host are not for this server (RFC 9110 §7.4): they come through a name that somebody else controls, or
//! through a proxy that does not say where the caller wanted to go.

use super::Idp;
use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Host;

/// What operators ask by address.
const BY_ANY_NAME: &[&str] = &["/health", "/ready", "/metrics"];

/// Lets through what names the issuer's host; 421 for the rest.
pub async fn check(State(idp): State<Idp>, request: Request, next: Next) -> Response {
    let any_name = BY_ANY_NAME.contains(&request.uri().path());
    let named = request.headers().get(header::HOST).map(|host| host.to_str().unwrap_or_default());
    match named {
        Some(host) if !any_name && !is_ours(&idp, host) => StatusCode::MISDIRECTED_REQUEST.into_response(),
        _ => next.run(request).await,
    }
}

/// The issuer's authority; where the issuer is on this machine, every name that this machine has for itself, at any port.
fn is_ours(idp: &Idp, host: &str) -> bool {
    let issuer = &idp.config.issuer;
    let Ok(named) = host.parse::<Uri>() else { return false };
    // A name and a port, without a user.
    let Some(authority) = named.authority().filter(|authority| !authority.as_str().contains('@')) else { return false };
    if is_loopback(issuer.host_str()) {
        return is_loopback(Some(authority.host()));
    }
    let port = authority.port_u16().or(Some(if idp.is_secure() { 443 } else { 80 }));
    let same_name = issuer.host_str().is_some_and(|own| own.eq_ignore_ascii_case(authority.host()));
    same_name && port == issuer.port_or_known_default()
}

fn is_loopback(name: Option<&str>) -> bool {
    match name.map(Host::parse) {
        Some(Ok(Host::Domain(domain))) => domain == "localhost",
        Some(Ok(Host::Ipv4(ip))) => ip.is_loopback(),
        Some(Ok(Host::Ipv6(ip))) => ip.is_loopback(),
        Some(Err(_)) | None => false,
    }
}
