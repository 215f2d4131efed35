//! Forms of pages are taken from our own pages only (Fetch Metadata; `Origin` where a browser does not send that). The cookie alone
//! would do for a page, so this is what keeps another site from acting in a person's name, or from signing somebody in.

use super::views::{Fault, Problem};
use crate::http::{Idp, RequestId};
use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// The check, as a layer around the routes of pages.
pub fn layer(idp: &Idp) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let origin = idp.config.issuer.origin().ascii_serialization();
    // The issuer is a parsed http or https URL, so its origin is one as well. It is named for proxies that rewrite Host.
    let layer = CsrfLayer::new().add_trusted_origin(origin).unwrap_or_default();
    layer.with_rejection_response(refused as fn(ProtectionError) -> Response)
}

fn refused(_: ProtectionError) -> Response {
    Problem::new(Fault::CrossSite, &RequestId::default()).into_response()
}
