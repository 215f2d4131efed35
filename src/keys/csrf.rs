//! The `Argus-Csrf-Token` of the Argus API: a JWT that its SDK signs with the session's key for every call.

use aggregates::values::{Seconds, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use std::collections::HashSet;

/// How far the caller's clock may be off, and how long a token may be used again.
const TOLERANCE: Seconds = Seconds(5 * 60);

/// What the token says. It has no `exp`: its age is judged by `timestamp`.
#[derive(Deserialize)]
struct Claims {
    /// Base and route of the call, without the query.
    url: String,
    /// Milliseconds since the epoch.
    timestamp: i64,
}

/// Whether `token` was signed with this session key, for exactly this URL (base plus route, no query), within five minutes of
/// `now`. The algorithm is HS256 whatever the header says.
#[must_use]
pub fn is_csrf_token(token: &str, session_key: &[u8; 32], url: &str, now: Timestamp) -> bool {
    let mut rules = Validation::new(Algorithm::HS256);
    rules.required_spec_claims = HashSet::new();
    rules.validate_exp = false;
    let Ok(token) = decode::<Claims>(token, &DecodingKey::from_secret(session_key), &rules) else { return false };
    let made = Timestamp::from_millis(token.claims.timestamp);
    token.claims.url == url && made <= now.after(TOLERANCE) && now <= made.after(TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::mac;
    use aws_lc_rs::hmac;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    const KEY: [u8; 32] = [7; 32];
    const URL: &str = "https://idp.example/authentication/v1/session";
    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
    const HEADER: &str = r#"{"alg": "HS256", "type": "JWT"}"#;

    fn signed(header: &str, payload: &str) -> String {
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let tag = mac(&hmac::Key::new(hmac::HMAC_SHA256, &KEY), &[text.as_bytes()]);
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    fn made_at(millis: i64) -> String {
        signed(HEADER, &format!(r#"{{"url": "{URL}", "timestamp": {millis}}}"#))
    }

    fn accepted(token: &str) -> bool {
        is_csrf_token(token, &KEY, URL, NOW)
    }

    #[test]
    fn another_key_url_or_signature_is_refused() {
        let token = made_at(NOW.millis());
        assert!(!is_csrf_token(&token, &[8; 32], URL, NOW));
        for url in
            ["", "https://idp.example/authentication/v1/session/", "https://idp.example/authentication/v1/Session"]
        {
            assert!(!is_csrf_token(&token, &KEY, url, NOW), "{url}");
        }
        let unsigned = token.rsplit_once('.').map(|(text, _)| format!("{text}."));
        assert!(!accepted(&unsigned.unwrap_or_default()));
    }

    #[test]
    fn a_header_with_another_algorithm_is_refused() {
        let payload = format!(r#"{{"url": "{URL}", "timestamp": {}}}"#, NOW.millis());
        for algorithm in ["none", "HS384", "HS512", "RS256", "ES256", "hs256", ""] {
            assert!(!accepted(&signed(&format!(r#"{{"alg": "{algorithm}"}}"#), &payload)), "{algorithm}");
        }
        assert!(!accepted(&signed("{}", &payload)));
    }

    #[test]
    fn junk_is_refused() {
        for junk in ["", ".", "..", "a.b.c", "é.é.é", &"a".repeat(10_000)] {
            assert!(!accepted(junk), "{junk}");
        }
        for payload in ["", "{}", "[]", r#"{"url": 1, "timestamp": 1}"#, r#"{"url": "u"}"#] {
            assert!(!accepted(&signed(HEADER, payload)), "{payload}");
        }
        for time in ["1e300", "\"1700000000000\"", "null", "-9223372036854775808", "9223372036854775807", "1.5"] {
            assert!(!accepted(&signed(HEADER, &format!(r#"{{"url": "{URL}", "timestamp": {time}}}"#))), "{time}");
        }
    }

    #[test]
    fn five_minutes_either_way_are_accepted_and_no_more() {
        for (offset, fine) in [(0, true), (300_000, true), (-300_000, true), (300_001, false), (-300_001, false)] {
            assert_eq!(accepted(&made_at(NOW.millis() + offset)), fine, "{offset} ms");
        }
    }
}
