//! Signed JWTs in compact form (RFC 7515 §3.1, RFC 7519), written by hand: the key is parsed once and kept, which doubles the
//! speed of RS256. And the two hash claims of OpenID Connect.

use aggregates::{
    ids::SigningKeyId,
    values::{PublicJwk, SigningAlgorithm},
};
use aws_lc_rs::{
    digest,
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use thiserror::Error;

/// The key did not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("could not sign")]
pub struct SignFailed;

/// A key pair, parsed.
pub(super) struct SigningPair {
    pub(super) id: SigningKeyId,
    pair: RsaKeyPair,
}

/// A new RSA key of 2048 bits in PKCS#8. Takes a tenth of a second. Its randomness cannot be injected: aws-lc draws it.
pub(super) fn generate() -> Option<Pkcs8V1Der<'static>> {
    RsaKeyPair::generate(KeySize::Rsa2048).ok()?.as_der().ok()
}

impl SigningPair {
    pub(super) fn parse(id: SigningKeyId, pkcs8: &[u8]) -> Option<Self> {
        RsaKeyPair::from_pkcs8(pkcs8).ok().map(|pair| Self { id, pair })
    }

    /// RFC 7518 §6.3.1.
    pub(super) fn public_jwk(&self) -> PublicJwk {
        let public = self.pair.public_key();
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        PublicJwk::Rsa {
            n: number(public.modulus().big_endian_without_leading_zero()),
            e: number(public.exponent().big_endian_without_leading_zero()),
        }
    }

    /// `base64url(header).base64url(claims).base64url(signature)`, RS256. `typ` says what kind of JWT it is (RFC 8725 §3.11).
    pub(super) fn sign(&self, typ: &str, claims: &Value) -> Result<String, SignFailed> {
        let header = json!({ "alg": SigningAlgorithm::Rs256.name(), "kid": self.id.to_string(), "typ": typ });
        let mut jwt = [header.to_string(), claims.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let hash = digest::digest(&digest::SHA256, jwt.as_bytes());
        self.pair.sign_digest(&RSA_PKCS1_SHA256, &hash, &mut signature).map_err(|_| SignFailed)?;
        jwt.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut jwt);
        Ok(jwt)
    }
}

/// `at_hash` and `c_hash` (OpenID Connect Core §3.1.3.6 and §3.3.2.11): base64url of the left half of the SHA-256 of an access
/// token or code as it was handed out.
#[must_use]
pub fn half_hash(token: &str) -> String {
    let hash = digest::digest(&digest::SHA256, token.as_bytes());
    let (left, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
    use uuid::Uuid;

    fn pair() -> SigningPair {
        SigningPair::parse(SigningKeyId::new(Uuid::from_u128(1)), generate().unwrap().as_ref()).unwrap()
    }

    fn verify(jwt: &str, key: &SigningPair) -> Option<Value> {
        let PublicJwk::Rsa { n, e } = key.public_jwk();
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_audience(&["portal"]);
        rules.set_issuer(&["https://idp.example"]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let token = decode::<Value>(jwt, &DecodingKey::from_rsa_components(&n, &e).unwrap(), &rules).ok()?;
        assert_eq!(
            (token.header.kid.as_deref(), token.header.typ.as_deref()),
            (Some(&*key.id.to_string()), Some("JWT"))
        );
        Some(token.claims)
    }

    #[test]
    fn a_jwt_verifies_under_its_own_key_and_no_other() {
        let (key, other) = (pair(), pair());
        let claims = json!({ "iss": "https://idp.example", "aud": "portal", "sub": "é", "exp": 4_000_000_000_u64 });
        let jwt = key.sign("JWT", &claims).unwrap();
        assert_eq!(verify(&jwt, &other), None);
        assert_eq!(verify(&jwt.replacen('.', ".A", 1), &key), None);
        assert_eq!(verify(&jwt, &key), Some(claims));
    }

    #[test]
    fn a_key_survives_being_stored() {
        let der = generate().unwrap();
        let id = SigningKeyId::new(Uuid::from_u128(1));
        let (one, two) = (SigningPair::parse(id, der.as_ref()).unwrap(), SigningPair::parse(id, der.as_ref()).unwrap());
        assert_eq!(one.public_jwk(), two.public_jwk());
        assert!(SigningPair::parse(id, &der.as_ref()[1..]).is_none());
    }

    #[test]
    fn the_half_hash_is_that_of_the_specification() {
        // OpenID Connect Core, appendix A.4: the code and its c_hash.
        assert_eq!(half_hash("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"), "LDktKdoQak3Pk0cnXxCltA");
        // Appendix A.3: the access token and its at_hash.
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
