//! Hashing and checking passwords: argon2id (RFC 9106) with the parameters of the OWASP cheat sheet, 18 ms each.
//!
//! As many at once as there are cores, a bounded number waits, all others are turned away at once: a flood of sign-ins costs
//! neither memory nor the time of other requests. A password is compared as the UTF-8 bytes given, without normalisation.

use aggregates::values::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::{num::NonZero, sync::Arc, thread::available_parallelism, time::Duration};
use thiserror::Error;
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};
use zeroize::Zeroizing;

use crate::entropy::Entropy;

/// KiB of memory, passes, lanes.
const PARAMETERS: (u32, u32, u32) = (19_456, 2, 1);
/// How many wait for each that is being hashed.
const WAITING_PER_SLOT: usize = 32;
const PATIENCE: Duration = Duration::from_secs(2);
/// Longer input is no password (see [`super::password_rules`]).
const MOST_BYTES: usize = 512;
/// Of no password: what is checked when there is nothing to check, so that it takes as long.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm8gc3VjaCBwYXNzd29yZA$Q3aWXWgM8ds5HQdnv9vOMPY2vqdgXHqTGYDKfaNVkAI";

/// Too many passwords are being hashed: answer 503 or 429.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("too many passwords are being hashed")]
pub struct Busy;

/// The password check; clones share its limits.
#[derive(Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Passwords {
    /// One slot per core.
    fn default() -> Self {
        Self::new(available_parallelism().map_or(1, NonZero::get))
    }
}

impl Passwords {
    /// Hashes up to `slots` passwords at once.
    #[must_use]
    pub fn new(slots: usize) -> Self {
        let places = slots.saturating_mul(WAITING_PER_SLOT);
        Self { slots: Arc::new(Semaphore::new(slots)), places: Arc::new(Semaphore::new(places)) }
    }

    /// The hash to keep, with a fresh salt.
    ///
    /// # Errors
    /// [`Busy`].
    pub async fn hash(&self, password: Zeroizing<String>, entropy: &dyn Entropy) -> Result<PasswordHash, Busy> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        let hashed = self.work(move || hash(&password, &salt)).await?;
        hashed.ok_or(Busy)
    }

    /// Whether the password is the one that was hashed. Takes the same time when there is no hash, or one that is malformed or
    /// asks for more than its bounds; then the answer is no.
    ///
    /// # Errors
    /// [`Busy`].
    pub async fn verify(&self, hash: Option<&str>, password: Zeroizing<String>) -> Result<bool, Busy> {
        let stored = hash.and_then(|text| text.parse::<PasswordHash>().ok()).filter(|_| password.len() <= MOST_BYTES);
        self.work(move || match &stored {
            Some(stored) => matches(stored.as_str(), &password),
            None => {
                // Computed for its time only.
                std::hint::black_box(matches(DUMMY, password.get(..MOST_BYTES).unwrap_or_default()));
                false
            }
        })
        .await
    }

    /// Runs off the async threads, when it is its turn.
    async fn work<T: Send + 'static>(&self, task: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let _place = self.places.try_acquire().map_err(|_| Busy)?;
        let slot = timeout(PATIENCE, Arc::clone(&self.slots).acquire_owned()).await.map_err(|_| Busy)?;
        let slot = slot.map_err(|_| Busy)?;
        // The slot goes along: a caller that gives up does not make room for another hash beside this one.
        let done = spawn_blocking(move || {
            let done = task();
            drop(slot);
            done
        });
        done.await.map_err(|_| Busy)
    }
}

fn hash(password: &str, salt: &[u8]) -> Option<PasswordHash> {
    let (memory, passes, lanes) = PARAMETERS;
    let parameters = Params::new(memory, passes, lanes, None).ok()?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    hasher.hash_password_with_salt(password.as_bytes(), salt).ok()?.to_string().parse().ok()
}

fn matches(stored: &str, password: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), stored).is_ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::entropy::SeededEntropy;

    fn typed(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn nothing_matches_no_hash_a_planted_hash_or_rubbish() {
        let passwords = Passwords::new(1);
        let planted = DUMMY.replace("m=19456,t=2", "m=1048576,t=4");
        for stored in [None, Some(""), Some("$argon2id$"), Some(planted.as_str()), Some("plain")] {
            assert_eq!(passwords.verify(stored, typed("plain")).await, Ok(false), "{stored:?}");
        }
    }

    #[tokio::test]
    async fn only_the_same_bytes_match() {
        let passwords = Passwords::new(2);
        let hash = passwords.hash(typed("grün wie die Hoffnung"), &SeededEntropy::new(1)).await.unwrap();
        let verify = |text: &str| passwords.verify(Some(hash.as_str()), typed(text));
        assert_eq!(verify("gru\u{308}n wie die Hoffnung").await, Ok(false));
        assert_eq!(verify("grün wie die Hoffnung ").await, Ok(false));
        assert_eq!(verify("").await, Ok(false));
        assert_eq!(verify("grün wie die Hoffnung").await, Ok(true));
    }

    #[tokio::test]
    async fn a_flood_is_turned_away() {
        let passwords = Passwords::new(0);
        assert_eq!(passwords.verify(None, typed("x")).await, Err(Busy));
    }
}
