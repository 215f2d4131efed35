//! The strict form extractor of the OAuth endpoints (RFC 6749 Appendix B): each parameter once, valid UTF-8, no NUL, 64 kB.

use super::OAuthError;
use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt, Limited};

/// The most that a form may hold, in bytes.
const LIMIT: usize = 64 * 1024;

/// The parameters of a request, each at most once. A parameter without a value counts as omitted (RFC 6749 §3.1).
#[derive(Clone, Default)]
pub struct OAuthForm(Vec<(String, String)>);

impl OAuthForm {
    /// Parses `application/x-www-form-urlencoded` text: a body or a query string.
    ///
    /// # Errors
    /// `invalid_request` for a parameter that is repeated, or whose text is not valid.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(OAuthError::InvalidRequest("a parameter is included more than once"));
            }
            parameters.push((name, value));
        }
        Ok(Self(parameters))
    }

    /// The value of a parameter that was sent and is not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that must be there.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn required(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.get(name).ok_or(OAuthError::MissingParameter(name))
    }
}

/// Percent-decodes strictly: no lone `%`, no invalid UTF-8, no NUL.
fn decode(text: &str) -> Result<String, OAuthError> {
    const MALFORMED: OAuthError = OAuthError::InvalidRequest("the request is not properly encoded");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
                let high = digit(rest.next()).ok_or(MALFORMED)?;
                let low = digit(rest.next()).ok_or(MALFORMED)?;
                high << 4 | low
            }
            0 => return Err(MALFORMED),
            other => other,
        });
    }
    if bytes.contains(&0) {
        return Err(MALFORMED);
    }
    String::from_utf8(bytes).map_err(|_| MALFORMED)
}

impl<S: Sync> FromRequest<S> for OAuthForm {
    type Rejection = OAuthError;

    async fn from_request(request: Request, _: &S) -> Result<Self, OAuthError> {
        if !is_form(request.headers()) {
            return Err(OAuthError::InvalidRequest("the content type must be application/x-www-form-urlencoded"));
        }
        let text = read(request.into_body()).await?;
        Self::parse(&text)
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") && !headers.contains_key(header::CONTENT_ENCODING)
}

async fn read(body: Body) -> Result<String, OAuthError> {
    let bytes = Limited::new(body, LIMIT).collect().await.map_err(|_| OAuthError::TooLarge)?.to_bytes();
    String::from_utf8(bytes.into()).map_err(|_| OAuthError::InvalidRequest("the request is not valid UTF-8"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_or_badly_encoded_is_refused() {
        for text in ["a=1&a=2", "a=1&%61=2", "a=%zz", "a=%f", "a=%", "a=%ff", "a=%00", "a=\0", "%00=1", "a=%c3%28"] {
            assert!(OAuthForm::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_empty_parameter_is_an_omitted_one() {
        let form = OAuthForm::parse("a=&b&c=x+y%2B%C3%A9&&").unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), (None, None, Some("x y+é")));
    }
}
