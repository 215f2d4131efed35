//! What surrounds every request, from the outside in: an id, a log line, and a net for panics.

use super::{Idp, RequestId, request_id};
use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::{any::Any, time::Instant};
use tower_http::catch_panic::CatchPanicLayer;

/// The net for panics. Security headers go around it, so that its answer has them as well.
pub fn net(routes: Router<Idp>) -> Router<Idp> {
    routes.layer(CatchPanicLayer::custom(panicked))
}

/// The outermost layers, and the state.
pub fn around(routes: Router<Idp>, idp: Idp) -> Router {
    routes.layer(from_fn(log)).layer(from_fn_with_state(idp.clone(), request_id::assign)).with_state(idp)
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
