//! The issuer URL: OpenID Connect Discovery 1.0 §3, RFC 8414 §2.

use serde::{Deserialize, Deserializer, de::Error};
use std::net::SocketAddr;
use url::{Host, Url};

/// Absolute, `https` (or `http` on the own machine), without anything that could not stand in a metadata document.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Url, D::Error> {
    parse(&String::deserialize(source)?).map_err(D::Error::custom)
}

/// What a server is called that only its own machine can reach; `None` when others can.
pub(super) fn for_loopback(listen: SocketAddr) -> Option<String> {
    listen.ip().is_loopback().then(|| format!("http://localhost:{}", listen.port()))
}

fn parse(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "must be an absolute URL")?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err("must be https: http is for localhost only"),
        _ => return Err("must be an https URL"),
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must have no query and no fragment");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must have no user name and no password");
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
