//! `GET /metrics`: counters. `GET /health`: the process runs. `GET /ready`: it can decide, because Postgres answers.

use crate::{http::Idp, read};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use projections::health;

/// Counters since the start, in the text format of Prometheus.
pub async fn metrics(State(idp): State<Idp>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], idp.metrics.text())
}

/// Alive.
pub async fn health() -> &'static str {
    "ok\n"
}

/// Ready, or 503.
pub async fn ready(State(idp): State<Idp>) -> (StatusCode, &'static str) {
    match read!(idp.database.connections(), |c| health::ping(c)) {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}
