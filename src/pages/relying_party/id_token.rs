//! Verification of an `id_token` (OpenID Connect Core §3.1.3.7): nothing in it is believed before all of this holds.

use super::trouble::Trouble;
use aggregates::values::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Map, Value};

/// The claims of a verified token.
pub(super) type Claims = Map<String, Value>;

/// Allowed difference between the clocks, in seconds.
const LEEWAY: i64 = 30;

/// What must be in the token.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    /// The nonce of the request; none after a refresh, whose token need not repeat it (§12.2).
    pub(super) nonce: Option<&'a str>,
    pub(super) now: Timestamp,
}

/// The claims, if signature, issuer, audience, time and nonce are right.
pub(super) fn verify(token: &str, keys: &JwkSet, expected: &Expected<'_>) -> Result<Claims, Trouble> {
    let claims = signed(token, keys, expected)?;
    let seconds = |claim: &str| claims.get(claim).and_then(Value::as_i64);
    let text = |claim: &str| claims.get(claim).and_then(Value::as_str);
    let now = expected.now.seconds();
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|audience| audience.len() > 1);

    if seconds("exp").is_none_or(|end| now >= end.saturating_add(LEEWAY)) {
        return Err(Trouble::Untrusted("The id_token has expired"));
    }
    if seconds("iat").is_none_or(|issued| issued > now.saturating_add(LEEWAY)) {
        return Err(Trouble::Untrusted("The id_token is from the future"));
    }
    if (several || claims.contains_key("azp")) && text("azp") != Some(expected.client_id) {
        return Err(Trouble::Untrusted("The id_token is for another application"));
    }
    if expected.nonce.is_some() && text("nonce") != expected.nonce {
        return Err(Trouble::Untrusted("The id_token belongs to another request"));
    }
    Ok(claims)
}

/// The claims under a good signature, of the right issuer and audience. Time is checked by the caller, with the injected clock.
fn signed(token: &str, keys: &JwkSet, expected: &Expected<'_>) -> Result<Claims, Trouble> {
    const UNKNOWN: Trouble = Trouble::Untrusted("The id_token is not signed with a key of the provider");
    let header = decode_header(token).map_err(|_| UNKNOWN)?;
    // Never `none`, and never an HMAC, for which the public key would be the secret.
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA) {
        return Err(UNKNOWN);
    }
    let key = header.kid.and_then(|kid| keys.find(&kid)).ok_or(UNKNOWN)?;
    let key = DecodingKey::from_jwk(key).map_err(|_| UNKNOWN)?;
    let mut validation = Validation::new(header.alg);
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    let token = decode::<Claims>(token, &key, &validation);
    token
        .map(|token| token.claims)
        .map_err(|_| Trouble::Untrusted("The signature, issuer or audience of the id_token is wrong"))
}
