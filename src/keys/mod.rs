//! Everything that hangs on the master key: sealing personal data, authenticating tokens, signing.

mod cipher;
mod csrf;
mod derive;
mod evidence;
mod jwt;
mod key_maker;
mod key_set;
mod master_key;
mod open;
mod sealing;
mod signing_keys;

pub use cipher::SealFailed;
pub use csrf::is_csrf_token;
pub(crate) use derive::mac;
pub use evidence::is_checkpoint_signature;
pub use jwt::{SignFailed, half_hash};
pub use key_maker::{KeyMaker, LEAD};
pub use key_set::KeySetError;
pub use master_key::{MasterKey, MasterKeyError};
pub use open::KeysError;
pub use signing_keys::{SigningKeys, SigningKeysError};

use crate::entropy::Entropy;
use aggregates::ids::SessionId;
use aws_lc_rs::{hmac, signature::Ed25519KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cipher::Cipher;
use std::sync::Arc;

/// The server's derived keys. Cheap to clone; the master key itself is not kept.
#[derive(Clone)]
pub struct Keys(Arc<Derived>);

struct Derived {
    entropy: Arc<dyn Entropy>,
    /// Wraps the data keys of persons.
    wrapping: Cipher,
    /// Seals short-lived state.
    text: Cipher,
    /// Seals private signing keys.
    private: Cipher,
    /// What is counted but need not be known.
    pseudonyms: hmac::Key,
    /// From a session's id to the key of its CSRF tokens.
    csrf: hmac::Key,
    tokens: TokenKeys,
    /// Signs checkpoints of the log.
    evidence: Ed25519KeyPair,
    /// Tells one master key from another and nothing else.
    fingerprint: [u8; 32],
}

/// What authenticates tokens and derives their successors.
#[derive(Clone)]
pub(crate) struct TokenKeys {
    pub(crate) tag: hmac::Key,
    pub(crate) successor: hmac::Key,
}

impl Keys {
    /// Derives a key per purpose. `None` never happens with a working HKDF; it is there so that nothing has to panic.
    #[must_use]
    pub fn new(master: &MasterKey, entropy: Arc<dyn Entropy>) -> Option<Self> {
        Some(Self(Arc::new(Derived {
            entropy,
            wrapping: derive::cipher(master, "wrapping of personal keys")?,
            text: derive::cipher(master, "sealing of short-lived state")?,
            private: derive::cipher(master, "sealing of private signing keys")?,
            pseudonyms: derive::mac_key(master, "pseudonyms")?,
            csrf: derive::mac_key(master, "csrf keys of sessions")?,
            tokens: TokenKeys {
                tag: derive::mac_key(master, "tags of tokens")?,
                successor: derive::mac_key(master, "successors of tokens")?,
            },
            evidence: derive::key_pair(master, "signing of checkpoints")?,
            fingerprint: mac(&derive::mac_key(master, "fingerprint")?, &[b"argus master key"]),
        })))
    }

    /// The key that signs this session's CSRF tokens; the `sessionKey` of the Argus API, which is its standard base64.
    #[must_use]
    pub fn csrf_key(&self, session: SessionId) -> [u8; 32] {
        mac(&self.0.csrf, &[session.uuid().as_bytes()])
    }

    /// A name for something that is counted but need not be known: the same for the same, and of no use without the master key.
    #[must_use]
    pub fn pseudonym(&self, of: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.0.pseudonyms, &[of.as_bytes()]))
    }

    pub(crate) fn tokens(&self) -> TokenKeys {
        self.0.tokens.clone()
    }

    fn entropy(&self) -> &dyn Entropy {
        self.0.entropy.as_ref()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::entropy::SeededEntropy;

    /// The keys of the master key that belongs to `seed`.
    pub(crate) fn keys(seed: u64) -> Keys {
        let entropy = Arc::new(SeededEntropy::new(seed));
        Keys::new(&MasterKey::generate(entropy.as_ref()), entropy).unwrap()
    }

    #[test]
    fn every_session_has_its_own_csrf_key() {
        let (one, two) = (SessionId::new(uuid::Uuid::from_u128(1)), SessionId::new(uuid::Uuid::from_u128(2)));
        assert_ne!(keys(1).csrf_key(one), keys(1).csrf_key(two));
        assert_ne!(keys(1).csrf_key(one), keys(2).csrf_key(one));
        assert_eq!(keys(1).csrf_key(one), keys(1).csrf_key(one));
    }
}
