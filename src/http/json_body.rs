//! The body of an Argus request: one JSON object of at most 300 kB.

use super::{ArgusError, fields::Fields, strict_json::parse_object};
use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use serde_json::{Map, Value};

/// The most that a body may hold, in bytes, unless a call takes more.
const USUAL: usize = 300 * 1024;

/// A JSON object of at most `LIMIT` bytes whose fields have not been looked at.
pub struct JsonBody<const LIMIT: usize = USUAL>(Map<String, Value>);

impl<const LIMIT: usize> JsonBody<LIMIT> {
    /// Its fields, to be taken out one by one.
    #[must_use]
    pub fn fields(self) -> Fields {
        Fields::new(self.0)
    }
}

impl<S: Send + Sync, const LIMIT: usize> FromRequest<S> for JsonBody<LIMIT> {
    type Rejection = ArgusError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ArgusError> {
        if !is_json(request.headers()) {
            return Err(ArgusError::NotJson);
        }
        let bytes = to_bytes(request.into_body(), LIMIT).await.map_err(|_| too_large(LIMIT))?;
        parse_object(&bytes).map(Self).map_err(|problem| ArgusError::field("body", problem))
    }
}

fn too_large(limit: usize) -> ArgusError {
    if limit == USUAL {
        ArgusError::TooLarge
    } else {
        ArgusError::field("body", format_args!("must not be larger than {} kB", limit / 1024))
    }
}

/// One `Content-Type`, `application/json`, at most with `charset=utf-8`; nothing compressed.
fn is_json(headers: &HeaderMap) -> bool {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return false;
    }
    let mut types = headers.get_all(header::CONTENT_TYPE).iter().map(|value| value.to_str().unwrap_or_default());
    let (Some(content_type), None) = (types.next(), types.next()) else { return false };
    let (essence, parameter) = content_type.split_once(';').unwrap_or((content_type, "charset=utf-8"));
    essence.trim().eq_ignore_ascii_case("application/json") && parameter.trim().eq_ignore_ascii_case("charset=utf-8")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_json_in_utf_8_is_json() {
        let with = |types: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for content_type in types {
                headers.append(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            }
            is_json(&headers)
        };
        for types in [
            &[][..],
            &["text/plain"],
            &["application/x-www-form-urlencoded"],
            &["application/json-patch+json"],
            &["application/json; charset=utf-7"],
            &["application/json, text/plain"],
            &["application/json", "application/json"],
        ] {
            assert!(!with(types), "{types:?}");
        }
        assert!(with(&["application/json"]) && with(&["Application/JSON; charset=UTF-8"]));
    }
}
