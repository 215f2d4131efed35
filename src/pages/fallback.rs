//! Whatever has no route: 404 and 405, as a page for browsers and in the envelope below the paths of the Argus API.

use super::{
    browser::Browser,
    views::{Fault, Problem},
};
use crate::http::ArgusError;
use axum::{
    http::{Uri, header::ALLOW},
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

/// 405 of a path that is for GET and POST alone: a HEAD there is not a GET without its body.
pub async fn only_get_and_post(browser: Browser, uri: Uri) -> Response {
    ([(ALLOW, "GET,POST")], method_not_allowed(browser, uri).await).into_response()
}

fn answer(browser: &Browser, uri: &Uri, error: ArgusError, fault: Fault) -> Response {
    if API.iter().any(|root| uri.path().starts_with(root)) {
        return error.into_response();
    }
    Problem::new(fault, &browser.request).into_response()
}
