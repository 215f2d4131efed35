//! Pictures of users: uploaded in JSON, answered as PNG; and the drawing of those who have none.

use super::{ArgusError, Fields, Idp, json_body::JsonBody};
use crate::{
    directory::pictures::{self, Picture},
    read,
};
use aggregates::ids::UserId;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use image::ImageFormat;
use projections::Unseal;
use serde::Serialize;
use utoipa::ToSchema;

const PERSON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="User"><rect width="64" height="64" fill="#e4e9f0"/><circle cx="32" cy="24" r="11" fill="#7a8aa0"/><path d="M10 60c0-13 10-21 22-21s22 8 22 21z" fill="#7a8aa0"/></svg>"##;
/// The most that a body with a picture may hold, in bytes.
pub const LIMIT: usize = 1536 * 1024;

/// A body with a picture.
pub type PictureBody = JsonBody<LIMIT>;

/// A picture as a body gives it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PictureFields {
    /// Base64 of a PNG or a JPEG with at most 2048 pixels a side. It is kept with at most 256.
    image: String,
    /// `image/png` or `image/jpeg`.
    mime_type: String,
}

/// Reads an uploaded picture.
///
/// # Errors
/// 412 when it is none, or too large; 429.
pub async fn uploaded(body: PictureBody) -> Result<Picture, ArgusError> {
    let mut fields = body.fields();
    let (bytes, format) = (image(&mut fields), format(&mut fields));
    fields.finish()?;
    let refused =
        || ArgusError::field("image", "must be base64 of a picture of that type, of at most 2048 pixels a side");
    let (bytes, format) = bytes.zip(format).ok_or_else(refused)?;
    pictures::read(bytes, format).await?.ok_or_else(refused)
}

fn image(fields: &mut Fields) -> Option<Vec<u8>> {
    let value = fields.value("image");
    let value = fields.required("image", value)?;
    let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok());
    if bytes.is_none() {
        fields.refuse("image", "must be a text in base64");
    }
    bytes
}

fn format(fields: &mut Fields) -> Option<ImageFormat> {
    let mime: Option<String> = fields.word("mimeType", &["image/png", "image/jpeg", "image/jpg"]);
    let mime = fields.required("mimeType", mime)?;
    Some(if mime == "image/png" { ImageFormat::Png } else { ImageFormat::Jpeg })
}

/// The picture of a user; none for who has none, was deleted or erased.
///
/// # Errors
/// 503.
pub async fn find(idp: &Idp, user: UserId) -> Result<Option<Response>, ArgusError> {
    let found = read!(idp.database.connections(), |c| projections::pictures::find_by_user(c, user))?;
    let text = found.and_then(|(sealed, key)| idp.keys.open(&key, &sealed));
    let png = text.and_then(|text| STANDARD.decode(text).ok());
    Ok(png.map(|png| {
        ([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, max-age=300")], png).into_response()
    }))
}

/// The drawing of somebody.
#[must_use]
pub fn drawing() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=300")], PERSON).into_response()
}

/// What a request for a picture may say: `default`, whether who has none gets the drawing. The size is one for all, so `size`, `width`
/// and `height` are read and change nothing.
pub fn wants_default(query: &mut Fields) -> bool {
    query.word::<String>("size", &["small", "medium", "large", "xlarge"]);
    query.integer("width", 1..=10_000);
    query.integer("height", 1..=10_000);
    query.switch("default").unwrap_or_default()
}
