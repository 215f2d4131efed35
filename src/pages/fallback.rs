//! Whatever has no route: 404 and 405, as a page for browsers and in the envelope below the paths of the Argus API.

use super::{
    browser::Browser,
    views::{Fault, Problem},
};
use crate::http::ArgusError;
use axum::{
    http::Uri,
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

fn answer(browser: &Browser, uri: &Uri, error: ArgusError, fault: Fault) -> Response {
    if API.iter().any(|root| uri.path().starts_with(root)) {
        return error.into_response();
    }
    Problem::new(fault, &browser.request).into_response()
}
