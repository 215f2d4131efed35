//! Security headers: what a page may load, who may frame it, what leaves with a link (CSP level 3, HTML §7.1.3, RFC 6797).
//!
//! [`set`] runs on every response of the server and fills in what the handler left open, with the strictest values; a page sets
//! its own content security policy and referrer policy through [`FormTargets`].

use crate::http::Idp;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Where the forms of a page may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormTargets {
    /// Only to this server.
    Own,
    /// Anywhere: the answer to the form may be a redirect to a relying party, and Chromium and Safari apply `form-action` to every
    /// hop of that chain, which may well go on to an address that we never heard of.
    RelyingParties,
}

const PAGE: &str =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
const PAGE_WITH_OWN_FORMS: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; \
                                   base-uri 'none'; form-action 'self'";
const NOT_A_PAGE: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const NO_DEVICES: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";

impl FormTargets {
    /// The headers of a page. `same-origin`, because with `no-referrer` a browser posts our own forms with `Origin: null`, which
    /// the cross-site check refuses.
    pub(crate) fn headers(self) -> [(HeaderName, &'static str); 2] {
        let policy = match self {
            Self::Own => PAGE_WITH_OWN_FORMS,
            Self::RelyingParties => PAGE,
        };
        [(header::CONTENT_SECURITY_POLICY, policy), (header::REFERRER_POLICY, "same-origin")]
    }
}

/// Sees to it that every answer has its security headers.
pub async fn secure(State(idp): State<Idp>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    set(response.headers_mut(), idp.is_secure());
    response
}

/// Fills in every security header that is not there yet. `https`: whether the issuer is, so that browsers shall never again come
/// by plain http (for two years).
pub fn set(headers: &mut HeaderMap, https: bool) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, NOT_A_PAGE),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (OPENER, "same-origin"),
        (PERMISSIONS, NO_DEVICES),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(two_years);
    }
}
