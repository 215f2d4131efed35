//! The signing keys as one node holds them: the key that signs, parsed, and the document that everyone may fetch (RFC 7517 §5).

use super::{Keys, jwt::SigningPair};
use aggregates::{ids::SigningKeyId, values::PublicJwk};
use projections::signing_keys::SigningKeyRow;
use serde_json::{Value, json};
use std::sync::Arc;
use thiserror::Error;

/// Why the stored keys are of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeySetError {
    /// Nothing signs.
    #[error("there is no active signing key")]
    NoActiveKey,
    /// The private half was sealed under another master key, or tampered with.
    #[error("the private half of signing key {0} cannot be opened with this master key")]
    Sealed(SigningKeyId),
    /// The private half belongs to another public half.
    #[error("the halves of signing key {0} do not belong together")]
    Halves(SigningKeyId),
}

/// One state of the keys. Replaced as a whole, never changed.
pub(super) struct KeySet {
    pub(super) active: Arc<SigningPair>,
    pub(super) jwks: Arc<Value>,
}

impl KeySet {
    /// From the published rows. The active key is taken over from `previous` when it is the same, so that it is parsed once.
    pub(super) fn new(rows: &[SigningKeyRow], keys: &Keys, previous: Option<&Self>) -> Result<Self, KeySetError> {
        let (active, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.status == "active");
        let signs = *active.first().ok_or(KeySetError::NoActiveKey)?;
        let active_pair = match previous {
            Some(set) if set.active.id == signs.id => set.active.clone(),
            _ => Arc::new(open(signs, keys)?),
        };
        // The active one first, for relying parties that look no further.
        let published: Vec<_> = active.into_iter().chain(others).map(member).collect();
        Ok(Self { active: active_pair, jwks: Arc::new(json!({ "keys": published })) })
    }
}

fn open(row: &SigningKeyRow, keys: &Keys) -> Result<SigningPair, KeySetError> {
    let pkcs8 = keys.open_private(row.id, &row.sealed_private).ok_or(KeySetError::Sealed(row.id))?;
    let pair = SigningPair::parse(row.id, &pkcs8).ok_or(KeySetError::Sealed(row.id))?;
    if pair.public_jwk() == row.public_jwk { Ok(pair) } else { Err(KeySetError::Halves(row.id)) }
}

/// One member of the document, built of public parts only.
fn member(row: &SigningKeyRow) -> Value {
    match &row.public_jwk {
        PublicJwk::Rsa { n, e } => {
            json!({ "kty": "RSA", "use": "sig", "alg": row.algorithm, "kid": row.id.to_string(), "n": n, "e": e })
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::keys::{jwt::generate, tests::keys};
    use aggregates::values::Timestamp;
    use uuid::Uuid;

    fn row(id: u128, status: &str, keys: &Keys) -> SigningKeyRow {
        let id = SigningKeyId::new(Uuid::from_u128(id));
        let der = generate().unwrap();
        SigningKeyRow {
            id,
            algorithm: "RS256".to_owned(),
            status: status.to_owned(),
            public_jwk: SigningPair::parse(id, der.as_ref()).unwrap().public_jwk(),
            sealed_private: keys.seal_private(id, der.as_ref()).unwrap(),
            created_at: Timestamp::from_millis(0),
            activated_at: None,
            retired_at: None,
            published_until: None,
        }
    }

    #[test]
    fn keys_that_cannot_sign_are_refused() {
        let (keys, other) = (keys(1), keys(2));
        let (active, successor) = (row(1, "active", &keys), row(2, "successor", &keys));
        let refusal = |rows: &[SigningKeyRow], keys: &Keys| KeySet::new(rows, keys, None).err();
        assert_eq!(refusal(&[], &keys), Some(KeySetError::NoActiveKey));
        assert_eq!(refusal(std::slice::from_ref(&successor), &keys), Some(KeySetError::NoActiveKey));
        assert_eq!(refusal(std::slice::from_ref(&active), &other), Some(KeySetError::Sealed(active.id)));
        let mixed = SigningKeyRow { public_jwk: successor.public_jwk, ..active.clone() };
        assert_eq!(refusal(&[mixed], &keys), Some(KeySetError::Halves(active.id)));
    }

    #[test]
    fn the_document_has_the_active_key_first_and_nothing_private() {
        let keys = keys(1);
        let rows = [row(1, "retired", &keys), row(2, "active", &keys), row(3, "successor", &keys)];
        let set = KeySet::new(&rows, &keys, None).ok().unwrap();
        let published = set.jwks["keys"].as_array().unwrap();
        let kids: Vec<_> = published.iter().map(|key| key["kid"].as_str().unwrap()).collect();
        assert_eq!(kids, [1, 0, 2].map(|i: usize| rows[i].id.to_string()));
        for key in published {
            let members: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
            assert_eq!((key["use"].as_str(), key["alg"].as_str()), (Some("sig"), Some("RS256")));
        }
    }

    #[test]
    fn a_key_is_parsed_once() {
        let keys = keys(1);
        let rows = [row(1, "active", &keys)];
        let set = KeySet::new(&rows, &keys, None).ok().unwrap();
        let next = KeySet::new(&rows, &keys, Some(&set)).ok().unwrap();
        assert!(Arc::ptr_eq(&set.active, &next.active));
    }
}
