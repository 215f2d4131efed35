//! What surrounds every request, from the outside in: an id, a log line, security headers, a net for panics, and the check that a
//! browser's form came from our own pages.

use super::{Idp, request_id};
use crate::pages::headers;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::{any::Any, time::Instant};
use tower_http::catch_panic::CatchPanicLayer;

/// Puts the layers around the routes.
#[must_use]
pub fn around(routes: Router<Idp>, idp: Idp) -> Router {
    routes
        .layer(from_fn_with_state(idp.clone(), same_site))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(idp.clone(), security_headers))
        .layer(from_fn_with_state(idp.clone(), log))
        .layer(from_fn_with_state(idp.clone(), request_id::assign))
        .with_state(idp)
}

/// Refuses a page's form that another site made a browser send (Fetch Metadata; `Origin` where a browser does not send that).
/// Endpoints below `/authentication/` are not pages: they take no cookie alone for a change. The authorization endpoint is
/// meant to be reached from other sites.
async fn same_site(State(idp): State<Idp>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_page = !path.starts_with("/authentication/") && path != "/oauth2/authorize";
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_page && changes && !is_same_origin(&idp, request.headers()) {
        return crate::pages::fallback::cross_site(&request);
    }
    next.run(request).await
}

fn is_same_origin(idp: &Idp, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == idp.config.issuer.origin().ascii_serialization(),
        // Not a browser: there is no cookie that it was tricked into sending.
        (None, None) => true,
    }
}

async fn security_headers(State(idp): State<Idp>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    headers::set(response.headers_mut(), idp.is_secure());
    response
}

/// One line per request, without the query string, which may hold what nobody should read.
async fn log(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let id = request.extensions().get::<request_id::RequestId>().map(ToString::to_string).unwrap_or_default();
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let millis = began.elapsed().as_millis();
    tracing::info!(target: "access", request_id = id, %method, path, status, millis, "answered");
    response
}

/// A panic is our fault and this request's end, nobody else's. Its message may hold anything, so it is not repeated.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
