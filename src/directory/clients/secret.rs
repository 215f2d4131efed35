//! Client secrets: hashed before the lane is taken, since a slow hash must not keep others waiting.

use super::ClientInput;
use crate::{
    directory::passwords::Passwords,
    entropy::Entropy,
    http::{
        ArgusError,
        client_authentication::{sha256_hex, verify},
    },
};
use aggregates::{
    client::{ClientAuthentication, Definition},
    values::SecretHash,
};
use zeroize::Zeroizing;

/// A given secret, hashed.
#[derive(Clone)]
pub struct NewSecret {
    hash: SecretHash,
    /// The stored hash of which the given secret is the very secret, so that giving it again changes nothing.
    same_as: Option<SecretHash>,
}

impl NewSecret {
    /// What to store, when `present` is stored now.
    #[must_use]
    pub fn over(self, present: &SecretHash) -> SecretHash {
        if self.same_as.as_ref() == Some(present) { present.clone() } else { self.hash }
    }

    /// What to store for a client that had no secret.
    #[must_use]
    pub fn fresh(self) -> SecretHash {
        self.hash
    }
}

/// Hashes the given secret: fast when it cannot be guessed, with argon2id otherwise.
///
/// # Errors
/// 503 when passwords cannot be hashed now.
pub async fn hash(
    (passwords, entropy): (&Passwords, &dyn Entropy),
    input: &ClientInput,
    present: Option<&Definition>,
) -> Result<Option<NewSecret>, ArgusError> {
    let Some(secret) = &input.secret else { return Ok(None) };
    let same_as = match present.map(|definition| &definition.authentication) {
        Some(ClientAuthentication::Password { secret: stored }) => {
            let same = verify(passwords, stored, secret).await.map_err(|_| ArgusError::Unavailable)?;
            same.then(|| stored.clone())
        }
        Some(ClientAuthentication::None) | None => None,
    };
    let hash = match &same_as {
        Some(stored) => stored.clone(),
        None => fresh_hash(passwords, entropy, secret).await?,
    };
    Ok(Some(NewSecret { hash, same_as }))
}

async fn fresh_hash(
    passwords: &Passwords,
    entropy: &dyn Entropy,
    secret: &Zeroizing<String>,
) -> Result<SecretHash, ArgusError> {
    if SecretHash::may_be_fast(secret) {
        return Ok(SecretHash::Sha256(sha256_hex(secret)));
    }
    let hash = passwords.hash(secret.clone(), entropy).await.map_err(|_| ArgusError::Unavailable)?;
    Ok(SecretHash::Argon2id(hash.as_str().to_owned()))
}
