//! `GET /docs/api`: the API to read and to try, by Swagger UI from the binary. It shows what `/docs/api/openapi.json` describes.

use super::assets;
use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::{Config, serve};

/// Scripts and styles from here, and calls to here alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// The parts of Swagger UI that the page loads.
const PARTS: &[&str] = &["swagger-ui.css", "swagger-ui-bundle.js"];
const SCRIPT: &str = include_str!("static/api_reference.js");

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(Arc::default);

#[derive(Template)]
#[template(path = "api_reference.html")]
struct ApiReference {
    icon: &'static str,
}

/// The page.
pub async fn get() -> Response {
    match (ApiReference { icon: assets::icon() }).render() {
        Ok(page) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `GET /docs/api/{file}`: what the page loads. Asked for again after each visit, as a release may bring another.
pub async fn file(Path(file): Path<String>) -> Response {
    let mut response = match file.as_str() {
        "api_reference.js" => ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response(),
        part if PARTS.contains(&part) => match serve(part, Arc::clone(&CONFIG)) {
            Ok(Some(part)) => ([(header::CONTENT_TYPE, part.content_type)], part.bytes.into_owned()).into_response(),
            _ => StatusCode::NOT_FOUND.into_response(),
        },
        _ => StatusCode::NOT_FOUND.into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
