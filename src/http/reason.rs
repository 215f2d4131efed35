//! `Argus-Reason: text`: why something is changed, recorded beside every event of the request. A header, because bodies deny fields that
//! they do not know; in UTF-8.

use super::ArgusError;
use aggregates::values::Reason;
use axum::http::HeaderMap;

/// Its name.
const HEADER: &str = "argus-reason";

/// The reason that was given, if any.
///
/// # Errors
/// 412 for what is not one line of text, and for two of them.
pub(super) fn given(headers: &HeaderMap) -> Result<Option<Reason>, ArgusError> {
    let mut values = headers.get_all(HEADER).iter();
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err(ArgusError::field(HEADER, "must be given once"));
    }
    let Some(value) = first else { return Ok(None) };
    let text = std::str::from_utf8(value.as_bytes()).map_err(|_| ArgusError::field(HEADER, "must be UTF-8"))?;
    text.parse().map(Some).map_err(|problem| ArgusError::field(HEADER, problem))
}
