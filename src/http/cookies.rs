//! Cookies: the Argus session, and a browser's own mark that binds a sign-in to the browser it began in.

use super::Idp;
use axum::http::{HeaderMap, HeaderValue, header};

/// The session cookie; the name is the Argus API's. Its value is the session token `username/opaque`.
pub const SESSION: &str = "argus_session";

/// The value of a cookie that was sent exactly once. Two of one name come from somebody who tries to shadow ours: none.
#[must_use]
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The cookie that marks a browser: `__Host-` where TLS makes that possible.
#[must_use]
pub fn browser_mark(idp: &Idp) -> &'static str {
    if idp.is_secure() { "__Host-argus_browser" } else { "argus_browser" }
}

/// A `Set-Cookie` value that lasts as long as the browser runs.
#[must_use]
pub fn set(idp: &Idp, name: &str, value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{}", secure(idp))).ok()
}

/// A `Set-Cookie` value that takes the cookie away.
#[must_use]
pub fn clear(idp: &Idp, name: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", secure(idp))).ok()
}

fn secure(idp: &Idp) -> &'static str {
    if idp.is_secure() { "; Secure" } else { "" }
}
