//! The `Authorization` header: one, of one scheme (RFC 6750 §2.1, RFC 7617). Tokens in a query string or a body are not looked at.

use super::OAuthError;
use axum::http::{HeaderMap, header};

/// The credentials after `scheme`, or none when there is no such header.
///
/// # Errors
/// `invalid_request` when there is more than one header, or it is not text.
pub fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Result<Option<&'a str>, OAuthError> {
    const MALFORMED: OAuthError = OAuthError::InvalidRequest("the Authorization header is malformed");
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return if headers.contains_key(header::AUTHORIZATION) { Err(MALFORMED) } else { Ok(None) };
    };
    let text = value.to_str().map_err(|_| MALFORMED)?;
    let (given, rest) = text.split_once(' ').unwrap_or((text, ""));
    Ok(given.eq_ignore_ascii_case(scheme).then_some(rest.trim_start_matches(' ')))
}

/// The bearer token.
///
/// # Errors
/// `invalid_request` for more than one header.
pub fn token(headers: &HeaderMap) -> Result<Option<&str>, OAuthError> {
    credentials(headers, "Bearer")
}
