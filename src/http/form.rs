//! The strict form extractor of the OAuth endpoints (RFC 6749 Appendix B): each parameter once, valid UTF-8, no NUL, 64 kB.

use super::OAuthError;
use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt, Limited};
use std::collections::BTreeSet;
use url::form_urlencoded;

/// The most that a form may hold, in bytes.
const LIMIT: usize = 64 * 1024;

/// The parameters of a request, each at most once. A parameter without a value counts as omitted (RFC 6749 §3.1).
#[derive(Clone, Default)]
pub struct OAuthForm(Vec<(String, String)>);

const REPEATED: OAuthError = OAuthError::InvalidRequest("a parameter is included more than once");

impl OAuthForm {
    /// Parses `application/x-www-form-urlencoded` text: a body or a query string.
    ///
    /// # Errors
    /// `invalid_request` for a parameter that is repeated, or whose text is not valid.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let form = Self::parse_with_repetitions(text)?;
        if form.has_repetitions() { Err(REPEATED) } else { Ok(form) }
    }

    /// The same, but a repeated parameter is kept, without a value: the authorization endpoint tells a client of its mistake
    /// once client and redirect URI are proven by what was not repeated.
    ///
    /// # Errors
    /// `invalid_request` for text that is not valid.
    pub fn parse_with_repetitions(text: &str) -> Result<Self, OAuthError> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decode(name)?, decode(value)?))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// A form of these parameters, for requests that reach us in another notation.
    #[must_use]
    pub fn of<const N: usize>(parameters: [(&str, Option<String>); N]) -> Self {
        Self(parameters.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
    }

    /// The form as text.
    #[must_use]
    pub fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// Whether a parameter is included more than once (RFC 6749 §3.1 forbids it).
    #[must_use]
    pub fn has_repetitions(&self) -> bool {
        let names: BTreeSet<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.len() != self.0.len()
    }

    /// The value of a parameter that was sent once and is not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next().filter(|value| !value.is_empty())?;
        values.next().is_none().then_some(value)
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
pub(super) fn decode(text: &str) -> Result<String, OAuthError> {
    const MALFORMED: OAuthError = OAuthError::InvalidRequest("the request is not properly encoded");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| {
                    byte.and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok())
                };
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
        Self::parse(&text_of(request).await?)
    }
}

/// A form in which a parameter may be repeated: see [`OAuthForm::parse_with_repetitions`].
pub struct RepeatableForm(pub OAuthForm);

impl<S: Sync> FromRequest<S> for RepeatableForm {
    type Rejection = OAuthError;

    async fn from_request(request: Request, _: &S) -> Result<Self, OAuthError> {
        OAuthForm::parse_with_repetitions(&text_of(request).await?).map(Self)
    }
}

async fn text_of(request: Request) -> Result<String, OAuthError> {
    if !is_form(request.headers()) {
        return Err(OAuthError::InvalidRequest("the content type must be application/x-www-form-urlencoded"));
    }
    read(request.into_body()).await
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, "charset=utf-8"));
    let parameters = parameters.trim().replace('"', "");
    media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
        && parameters.eq_ignore_ascii_case("charset=utf-8")
        && !headers.contains_key(header::CONTENT_ENCODING)
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
