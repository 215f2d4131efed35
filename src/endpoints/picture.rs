//! `GET /users/v2/user/{shortNameOrID}/picture`: what the `picture` claim points to. The same drawing for everybody, so that it tells nothing
//! about who exists.

use axum::{http::header, response::IntoResponse};

const PERSON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="User"><rect width="64" height="64" fill="#e4e9f0"/><circle cx="32" cy="24" r="11" fill="#7a8aa0"/><path d="M10 60c0-13 10-21 22-21s22 8 22 21z" fill="#7a8aa0"/></svg>"##;

/// The drawing.
#[utoipa::path(get, path = "/users/v2/user/{shortNameOrID}/picture", security(()),
    params(("shortNameOrID" = String, Path, description = "Anything: everybody has the same picture.")),
    responses((status = 200, description = "A picture.", body = String, content_type = "image/svg+xml")))]
pub async fn get() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")], PERSON)
}
