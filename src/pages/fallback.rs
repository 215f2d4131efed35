//! Whatever has no route: 404 and 405, as a page for browsers.

use super::{
    browser::Browser,
    views::{Fault, Problem},
};
use crate::http::RequestId;
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};

/// 403 for a form that came from another site.
#[must_use]
pub fn cross_site(request: &Request) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    Problem::new(Fault::CrossSite, &id).into_response()
}

/// 404.
pub async fn not_found(browser: Browser) -> Response {
    Problem::new(Fault::NotFound, &browser.request).into_response()
}

/// 405.
pub async fn method_not_allowed(browser: Browser) -> Response {
    Problem::new(Fault::MethodNotAllowed, &browser.request).into_response()
}
