//! Whatever has no route: 404 and 405, as a page for browsers and in the envelope below the paths of the Argus API.

use super::{
    browser::Browser,
    views::{Fault, Problem},
};
use crate::http::ArgusError;
use axum::{
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};

/// The roots of the Argus API and of ours beside it.
const API: &[&str] = &["/authentication/", "/currentuser/", "/useradmin/", "/customeradmin/", "/users/", "/audit/"];

/// 404.
pub async fn not_found(browser: Browser, uri: Uri) -> Response {
    answer(&browser, &uri, ArgusError::NotFound, Fault::NotFound)
}

/// 405.
pub async fn method_not_allowed(browser: Browser, uri: Uri) -> Response {
    answer(&browser, &uri, ArgusError::MethodNotAllowed, Fault::MethodNotAllowed)
}

/// 405 where a GET does something, which a HEAD would do too: GET and POST are all that there is.
pub async fn only_get_and_post(browser: Browser, uri: Uri) -> Response {
    let mut response = method_not_allowed(browser, uri).await;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,POST"));
    response
}

fn answer(browser: &Browser, uri: &Uri, error: ArgusError, fault: Fault) -> Response {
    if API.iter().any(|root| uri.path().starts_with(root)) {
        return error.into_response();
    }
    Problem::new(fault, &browser.request).into_response()
}
