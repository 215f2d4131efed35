//! Whatever has no route: 404 and 405, as a page for browsers.

use super::{
    browser::Browser,
    views::{Fault, Problem},
};
use axum::response::{IntoResponse, Response};

/// 404.
pub async fn not_found(browser: Browser) -> Response {
    Problem::new(Fault::NotFound, &browser.request).into_response()
}

/// 405.
pub async fn method_not_allowed(browser: Browser) -> Response {
    Problem::new(Fault::MethodNotAllowed, &browser.request).into_response()
}
