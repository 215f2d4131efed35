//! A signing key as it stands in events and in the key set: a public half that anyone may see, a private half that is sealed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How a key signs: the `alg` of RFC 7518 §3.1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, which every OpenID provider has to offer.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
}

impl SigningAlgorithm {
    /// The registered name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
        }
    }
}

/// The members of a public key, RFC 7518 §6. There is no member in which a private number could be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty", deny_unknown_fields)]
pub enum PublicJwk {
    /// RFC 7518 §6.3.1.
    #[serde(rename = "RSA")]
    Rsa {
        /// Modulus, base64url.
        n: String,
        /// Exponent, base64url.
        e: String,
    },
}

/// A private key in PKCS#8, encrypted under a key that lives outside of the database. Made and opened by the server's `keys`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedPrivateKey(String);

impl SealedPrivateKey {
    /// Wraps ciphertext that was made elsewhere.
    #[must_use]
    pub const fn new(ciphertext: String) -> Self {
        Self(ciphertext)
    }

    /// The ciphertext.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SealedPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedPrivateKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_with_a_private_member_is_refused() {
        for member in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
            let text = format!(r#"{{"kty":"RSA","n":"AQ","e":"AQAB","{member}":"AQ"}}"#);
            assert!(serde_json::from_str::<PublicJwk>(&text).is_err(), "{member}");
        }
        assert!(serde_json::from_str::<PublicJwk>(r#"{"kty":"RSA","n":"AQ","e":"AQAB"}"#).is_ok());
    }
}
