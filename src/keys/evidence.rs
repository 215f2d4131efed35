//! The key that signs checkpoints of the log: Ed25519 (RFC 8032). It lives as long as the master key, so that what was signed
//! years ago can be verified with the same public key.

use super::Keys;
use aws_lc_rs::signature::{ED25519, KeyPair, UnparsedPublicKey};

impl Keys {
    /// The signature (64 bytes) over a checkpoint's text.
    #[must_use]
    pub fn sign_checkpoint(&self, text: &[u8]) -> Vec<u8> {
        self.0.evidence.sign(text).as_ref().to_vec()
    }

    /// The public key (32 bytes) by which those signatures are verified.
    #[must_use]
    pub fn checkpoint_key(&self) -> Vec<u8> {
        self.0.evidence.public_key().as_ref().to_vec()
    }
}

/// Whether the key with this public half signed the text.
#[must_use]
pub fn is_checkpoint_signature(public: &[u8], text: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(text, signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::tests::keys;

    #[test]
    fn another_key_text_or_signature_is_refused() {
        let (one, other) = (keys(1), keys(2));
        let signature = one.sign_checkpoint(b"text");
        assert!(!is_checkpoint_signature(&other.checkpoint_key(), b"text", &signature));
        assert!(!is_checkpoint_signature(&one.checkpoint_key(), b"texts", &signature));
        assert!(!is_checkpoint_signature(
            &one.checkpoint_key(),
            b"text",
            signature.split_last().map_or(&[], |(_, rest)| rest)
        ));
        assert!(!is_checkpoint_signature(b"", b"text", &signature));
        assert!(is_checkpoint_signature(&keys(1).checkpoint_key(), b"text", &signature));
    }
}
