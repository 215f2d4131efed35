//! `GET /metrics`: counters, and how far followers are. `GET /health`: the process runs. `GET /ready`: it can decide, because Postgres answers.

use crate::{
    event_store::follow::progress,
    http::{Idp, metrics::followed},
    read,
};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use projections::health;

/// Counters since the start, in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", security(()), responses((status = 200, description = "The counters.", body = String)))]
pub async fn metrics(State(idp): State<Idp>) -> impl IntoResponse {
    let mut text = idp.metrics.text();
    // Without Postgres there is nothing to say of followers, but still of what was counted.
    if let Ok(followers) = read!(idp.database.connections(), |c| progress(c)) {
        text += &followed(idp.store.watcher().safe(), &followers);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}

/// Alive.
#[utoipa::path(get, path = "/health", security(()), responses((status = 200, description = "Alive.", body = String)))]
pub async fn health() -> &'static str {
    "ok\n"
}

/// Ready, or 503.
#[utoipa::path(get, path = "/ready", security(()), responses(
    (status = 200, description = "Ready.", body = String),
    (status = 503, description = "Postgres does not answer.", body = String),
))]
pub async fn ready(State(idp): State<Idp>) -> (StatusCode, &'static str) {
    match read!(idp.database.connections(), |c| health::ping(c)) {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}
