//! The header `Argus-API-Key: 1ab/2c/<secret>`: a public prefix of two segments, and the secret that proves it.

use super::{address::CallerIp, client_authentication::sha256_hex};
use aggregates::values::Timestamp;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::HeaderMap;
use projections::standing::StandingApiKey;

/// A key as it was sent. It has no `Debug`, since it holds its secret.
pub struct PresentedApiKey<'a> {
    /// The public part.
    pub prefix: &'a str,
    secret: &'a str,
}

/// The header is there, and is not one API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl<'a> PresentedApiKey<'a> {
    /// Reads the header; none when there is none.
    ///
    /// # Errors
    /// [`Malformed`] when there are two, or it has no prefix.
    pub fn read(headers: &'a HeaderMap) -> Result<Option<Self>, Malformed> {
        let mut values = headers.get_all("argus-api-key").iter();
        let Some(value) = values.next() else { return Ok(None) };
        let text = value.to_str().map_err(|_| Malformed)?;
        let (prefix, secret) = text.rsplit_once('/').filter(|_| values.next().is_none()).ok_or(Malformed)?;
        Ok(Some(Self { prefix, secret }))
    }

    /// Whether it is this key, which is alive and may be used from there: the secret, the time and the place, all of them.
    /// Whether its owner is active is for the caller to look at.
    #[must_use]
    pub fn opens(&self, key: &StandingApiKey, caller: CallerIp, now: Timestamp) -> bool {
        self.is_alive(key, now) && key.admits(caller.0)
    }

    /// Whether it is this key, which is alive, wherever it may be used from.
    #[must_use]
    pub fn is_alive(&self, key: &StandingApiKey, now: Timestamp) -> bool {
        let known = verify_slices_are_equal(sha256_hex(self.secret).as_bytes(), key.secret_hash.as_bytes()).is_ok();
        known && key.alive_at(now)
    }
}
