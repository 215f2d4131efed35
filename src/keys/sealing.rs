//! Data at rest: personal data under a key per person, short-lived state under a key of the server.
//!
//! A person's data key lives in `personal_keys`, wrapped by a key derived from the master key. Events never hold it, so
//! destroying that one row makes everything sealed under it unreadable, in history and in backups of it.

use super::{
    Keys,
    cipher::{Cipher, SealFailed},
};
use aggregates::{
    ids::SigningKeyId,
    values::{Sealed, SealedPrivateKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use projections::Unseal;
use uuid::Uuid;
use zeroize::Zeroizing;

impl Keys {
    /// A fresh data key for a subject, wrapped for `personal_keys`. It unwraps for that subject only.
    pub fn new_subject_key(&self, subject: Uuid) -> Result<Vec<u8>, SealFailed> {
        let mut key = Zeroizing::new([0; 32]);
        self.0.entropy.fill(key.as_mut_slice());
        self.0.wrapping.seal(self.entropy(), subject.as_bytes(), key.as_slice())
    }

    /// Encrypts a personal datum: `v1.<subject>.<purpose>.<base64url of nonce ‖ ciphertext>`. The subject and the purpose
    /// (`[a-z_]+`, what the datum is) are authenticated, so the text cannot be passed off as someone else's or as something else.
    pub fn seal(&self, subject: Uuid, wrapped: &[u8], purpose: &str, clear: &str) -> Result<Sealed, SealFailed> {
        if purpose.is_empty() || !purpose.bytes().all(|c| c.is_ascii_lowercase() || c == b'_') {
            return Err(SealFailed);
        }
        let key = self.unwrap_key(subject, wrapped).ok_or(SealFailed)?;
        let sealed = key.seal(self.entropy(), &context(subject, purpose), clear.as_bytes())?;
        Ok(Sealed::new(format!("v1.{subject}.{purpose}.{}", URL_SAFE_NO_PAD.encode(sealed))))
    }

    /// Encrypts state that the server gives away and gets back soon, such as a sign-in that returns to an authorization request.
    pub fn seal_text(&self, purpose: &str, clear: &str) -> Result<String, SealFailed> {
        let sealed = self.0.text.seal(self.entropy(), purpose.as_bytes(), clear.as_bytes())?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// What [`Keys::seal_text`] sealed for the same purpose; `None` for anything else.
    #[must_use]
    pub fn open_text(&self, purpose: &str, sealed: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        text(&self.0.text.open(purpose.as_bytes(), &sealed)?)
    }

    /// Encrypts a private signing key (PKCS#8): `v1.<base64url of nonce ‖ ciphertext>`. It opens under its own id only.
    pub(super) fn seal_private(&self, id: SigningKeyId, pkcs8: &[u8]) -> Result<SealedPrivateKey, SealFailed> {
        let sealed = self.0.private.seal(self.entropy(), id.uuid().as_bytes(), pkcs8)?;
        Ok(SealedPrivateKey::new(format!("v1.{}", URL_SAFE_NO_PAD.encode(sealed))))
    }

    pub(super) fn open_private(&self, id: SigningKeyId, sealed: &SealedPrivateKey) -> Option<Zeroizing<Vec<u8>>> {
        let data = URL_SAFE_NO_PAD.decode(sealed.as_str().strip_prefix("v1.")?).ok()?;
        self.0.private.open(id.uuid().as_bytes(), &data)
    }

    fn unwrap_key(&self, subject: Uuid, wrapped: &[u8]) -> Option<Cipher> {
        Cipher::new(&self.0.wrapping.open(subject.as_bytes(), wrapped)?)
    }
}

impl Unseal for Keys {
    fn open(&self, wrapped_key: &[u8], sealed: &Sealed) -> Option<String> {
        let subject = sealed.subject()?;
        let (_, rest) = sealed.as_str().strip_prefix("v1.")?.split_once('.')?;
        let (purpose, data) = rest.split_once('.')?;
        let data = URL_SAFE_NO_PAD.decode(data).ok()?;
        text(&self.unwrap_key(subject, wrapped_key)?.open(&context(subject, purpose), &data)?)
    }
}

/// The subject has a fixed length, so no two pairs read alike.
fn context(subject: Uuid, purpose: &str) -> Vec<u8> {
    [subject.as_bytes(), purpose.as_bytes()].concat()
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::keys::tests::keys;

    const ALICE: Uuid = Uuid::from_u128(1);
    const BOB: Uuid = Uuid::from_u128(2);

    #[test]
    fn the_key_of_one_person_opens_nothing_of_another() {
        let keys = keys(1);
        let (alice, bob) = (keys.new_subject_key(ALICE).unwrap(), keys.new_subject_key(BOB).unwrap());
        let sealed = keys.seal(ALICE, &alice, "caller_ip", "192.0.2.1").unwrap();
        assert_eq!(keys.open(&bob, &sealed), None);
        assert_eq!(keys.seal(BOB, &alice, "caller_ip", "192.0.2.1"), Err(SealFailed));
        let renamed = sealed.as_str().replace(&ALICE.to_string(), &BOB.to_string());
        assert_eq!(keys.open(&bob, &Sealed::new(renamed)), None);
    }

    #[test]
    fn a_datum_cannot_be_passed_off_as_another() {
        let keys = keys(1);
        let alice = keys.new_subject_key(ALICE).unwrap();
        let sealed = keys.seal(ALICE, &alice, "email", "alice@example.com").unwrap();
        let moved = sealed.as_str().replace(".email.", ".name.");
        assert_eq!(keys.open(&alice, &Sealed::new(moved)), None);
    }

    #[test]
    fn text_that_was_never_sealed_opens_to_nothing() {
        let keys = keys(1);
        let alice = keys.new_subject_key(ALICE).unwrap();
        for text in ["", "v1", "v1.", "v1..", "v2.x.y.z", "v1.00000000-0000-0000-0000-000000000001.email.", "é.é.é.é"]
        {
            assert_eq!(keys.open(&alice, &Sealed::new(text.to_owned())), None, "{text}");
            assert_eq!(keys.open_text("email", text), None, "{text}");
        }
    }

    #[test]
    fn another_master_key_opens_nothing() {
        let (keys, other) = (keys(1), keys(2));
        let alice = keys.new_subject_key(ALICE).unwrap();
        let sealed = keys.seal(ALICE, &alice, "email", "alice@example.com").unwrap();
        assert_eq!(other.open(&alice, &sealed), None);
        assert_eq!(other.open_text("resume", &keys.seal_text("resume", "state").unwrap()), None);
    }

    #[test]
    fn a_purpose_that_would_blur_the_text_is_refused() {
        let keys = keys(1);
        let alice = keys.new_subject_key(ALICE).unwrap();
        for purpose in ["", "a.b", "Email", "e mail"] {
            assert_eq!(keys.seal(ALICE, &alice, purpose, "x"), Err(SealFailed), "{purpose}");
        }
    }

    #[test]
    fn a_private_key_opens_under_its_own_id_only() {
        let (keys, [id, other]) = (keys(1), [1, 2].map(|id| SigningKeyId::new(Uuid::from_u128(id))));
        let sealed = keys.seal_private(id, b"private").unwrap();
        assert!(keys.open_private(other, &sealed).is_none());
        assert!(keys.open_private(id, &SealedPrivateKey::new(sealed.as_str().replacen("v1", "v2", 1))).is_none());
        assert_eq!(*keys.open_private(id, &sealed).unwrap(), b"private");
    }

    #[test]
    fn what_was_sealed_opens() {
        let keys = keys(1);
        let alice = keys.new_subject_key(ALICE).unwrap();
        let sealed = keys.seal(ALICE, &alice, "email", "alice@example.com").unwrap();
        assert!(!sealed.as_str().contains("example"));
        assert_eq!(keys.open(&alice, &sealed).as_deref(), Some("alice@example.com"));
        let state = keys.seal_text("resume", "state").unwrap();
        assert_eq!(keys.open_text("other", &state), None);
        assert_eq!(keys.open_text("resume", &state).as_deref(), Some("state"));
    }
}
