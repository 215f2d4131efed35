//! What surrounds every request, from the outside in: an id, a log line, security headers and a net for panics;
//! and around pages the check that a browser's form came from one of them.

use super::{Idp, RequestId, request_id};
use crate::pages::{
    headers,
    views::{Fault, Problem},
};
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::{any::Any, time::Instant};
use tower_http::{
    catch_panic::CatchPanicLayer,
    csrf::{CsrfLayer, ProtectionError},
};

/// Puts the layers around the routes.
#[must_use]
pub fn around(routes: Router<Idp>, idp: Idp) -> Router {
    routes
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(idp.clone(), security_headers))
        .layer(from_fn(log))
        .layer(from_fn_with_state(idp.clone(), request_id::assign))
        .with_state(idp)
}

/// Refuses a form that another site made a browser send: Fetch Metadata, or `Origin` where a browser does not send that. For pages,
/// whose cookie alone would do; what other endpoints take for a change is more than a cookie.
#[must_use]
pub fn own_forms(idp: &Idp) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let origin = idp.config.issuer.origin().ascii_serialization();
    // The issuer is a parsed http or https URL, so its origin is one as well; without it a proxy that rewrites Host is refused.
    let layer = CsrfLayer::new().add_trusted_origin(origin).unwrap_or_default();
    layer.with_rejection_response(cross_site as fn(ProtectionError) -> Response)
}

fn cross_site(_: ProtectionError) -> Response {
    Problem::new(Fault::CrossSite, &RequestId::default()).into_response()
}

async fn security_headers(State(idp): State<Idp>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    headers::set(response.headers_mut(), idp.is_secure());
    response
}

/// One line per request: the route, not the path or the query string, which may hold what nobody should read.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned()).unwrap_or_default();
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let millis = began.elapsed().as_millis();
    tracing::info!(target: "access", request_id = id, %method, route, status, millis, "answered");
    response
}

/// A panic is our fault and this request's end, nobody else's. Its message may hold anything, so it is not repeated.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
