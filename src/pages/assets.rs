//! The style sheet and the icon, served from the binary under names that contain a hash of their content, so that a browser may
//! keep them forever (RFC 8246) and a new release is seen at once.

use aws_lc_rs::digest;
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{fmt::Write, sync::LazyLock};

/// Where the router mounts [`get`].
pub const ROUTE: &str = "/static/{file}";

struct Asset {
    path: String,
    media_type: &'static str,
    content: &'static [u8],
}

static STYLESHEET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("argus", "css", "text/css; charset=utf-8", include_bytes!("static/argus.css")));
static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_bytes!("static/icon.svg")));

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: &'static [u8]) -> Self {
        let mut path = format!("/static/{stem}.");
        for byte in digest::digest(&digest::SHA256, content).as_ref().iter().take(8) {
            // Writing to a String cannot fail.
            let _ = write!(path, "{byte:02x}");
        }
        path.push('.');
        path.push_str(extension);
        Self { path, media_type, content }
    }
}

/// The path of the style sheet.
#[must_use]
pub fn stylesheet() -> &'static str {
    &STYLESHEET.path
}

/// The path of the icon.
#[must_use]
pub fn icon() -> &'static str {
    &ICON.path
}

/// `GET /static/{file}`: only the exact current names exist.
pub async fn get(Path(file): Path<String>) -> Response {
    let named = |asset: &&Asset| asset.path.strip_prefix("/static/") == Some(file.as_str());
    match [&*STYLESHEET, &*ICON].into_iter().find(named) {
        Some(asset) => {
            let kept = "public, max-age=31536000, immutable";
            ([(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, kept)], asset.content).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
