//! From one master key to a key per purpose: HKDF-SHA256 (RFC 5869).

use super::{cipher::Cipher, master_key::MasterKey};
use aws_lc_rs::{
    hkdf::{HKDF_SHA256, KeyType, Salt},
    hmac,
    signature::Ed25519KeyPair,
};
use zeroize::Zeroizing;

/// 32 bytes, the length of every derived key.
struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

/// The key for `purpose`. Whoever knows it learns nothing of the master key or of the key for another purpose.
fn derive(master: &MasterKey, purpose: &str) -> Option<Zeroizing<[u8; 32]>> {
    let root = Salt::new(HKDF_SHA256, b"argus").extract(master.bytes());
    let mut key = Zeroizing::new([0; 32]);
    root.expand(&[purpose.as_bytes()], Length).ok()?.fill(key.as_mut_slice()).ok()?;
    Some(key)
}

/// The encryption key for `purpose`.
pub(super) fn cipher(master: &MasterKey, purpose: &str) -> Option<Cipher> {
    Cipher::new(derive(master, purpose)?.as_slice())
}

/// The authentication key for `purpose`.
pub(super) fn mac_key(master: &MasterKey, purpose: &str) -> Option<hmac::Key> {
    Some(hmac::Key::new(hmac::HMAC_SHA256, derive(master, purpose)?.as_slice()))
}

/// The Ed25519 (RFC 8032) key pair for `purpose`: the derived key is its seed.
pub(super) fn key_pair(master: &MasterKey, purpose: &str) -> Option<Ed25519KeyPair> {
    Ed25519KeyPair::from_seed_unchecked(derive(master, purpose)?.as_slice()).ok()
}

/// HMAC-SHA256 (RFC 2104) over the parts, one after the other. The caller sees to it that no two lists of parts read alike.
pub(crate) fn mac(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    parts.iter().for_each(|part| context.update(part));
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(context.sign().as_ref()) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_and_every_master_key_has_its_own_key() {
        let (one, two) = (MasterKey::from_bytes([1; 32]), MasterKey::from_bytes([2; 32]));
        let text = |master, purpose| derive(master, purpose).map(|key| *key);
        assert_ne!(text(&one, "a"), text(&one, "b"));
        assert_ne!(text(&one, "a"), text(&two, "a"));
        assert_eq!(text(&one, "a"), text(&one, "a"));
    }
}
