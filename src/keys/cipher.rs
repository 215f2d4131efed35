//! Authenticated encryption: AES-256-GCM (NIST SP 800-38D) with random nonces.

use crate::entropy::Entropy;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use thiserror::Error;
use zeroize::Zeroizing;

/// Encrypting failed. With a key of the right length only an input of many gigabytes does that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("could not encrypt")]
pub struct SealFailed;

/// One key. A nonce of 96 random bits keeps it safe for 2^32 messages.
pub(super) struct Cipher(LessSafeKey);

impl Cipher {
    /// `None` unless the key has 32 bytes.
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        UnboundKey::new(&AES_256_GCM, key).ok().map(|key| Self(LessSafeKey::new(key)))
    }

    /// nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes). `context` has to be the same when it is opened.
    pub(super) fn seal(&self, entropy: &dyn Entropy, context: &[u8], clear: &[u8]) -> Result<Vec<u8>, SealFailed> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut text = clear.to_vec();
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut text)
            .map_err(|_| SealFailed)?;
        Ok([&nonce, text.as_slice(), tag.as_ref()].concat())
    }

    /// What was sealed under this key and context, or `None`.
    pub(super) fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut text = Zeroizing::new(text.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(context), &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn another_key_context_or_byte_opens_nothing() {
        let entropy = SeededEntropy::new(1);
        let cipher = Cipher::new(&[1; 32]).unwrap();
        let sealed = cipher.seal(&entropy, b"here", b"secret").unwrap();
        assert!(Cipher::new(&[2; 32]).unwrap().open(b"here", &sealed).is_none());
        assert!(cipher.open(b"there", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[at] ^= 1;
            assert!(cipher.open(b"here", &bent).is_none(), "byte {at}");
            assert!(cipher.open(b"here", &sealed[..at]).is_none(), "cut at {at}");
        }
        assert_eq!(*cipher.open(b"here", &sealed).unwrap(), b"secret");
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        assert!(Cipher::new(&[1; 16]).is_none());
        assert!(Cipher::new(&[]).is_none());
    }

    #[test]
    fn the_same_text_is_never_sealed_the_same_way_twice() {
        let entropy = SeededEntropy::new(1);
        let cipher = Cipher::new(&[1; 32]).unwrap();
        assert_ne!(cipher.seal(&entropy, b"", b"a").unwrap(), cipher.seal(&entropy, b"", b"a").unwrap());
    }
}
