//! Where randomness comes from. Injected, so that every flow can be replayed with a fixed seed.

use crate::clock::Clock;
use aws_lc_rs::{
    digest,
    rand::{SecureRandom, SystemRandom},
};
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::{Builder, Uuid};

/// Fills buffers with bits that nobody can guess.
pub trait Entropy: Send + Sync {
    /// Overwrites the whole buffer. Never returns with weak bytes: a broken generator ends the process.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's generator, through aws-lc-rs.
#[derive(Debug, Default)]
pub struct SystemEntropy(SystemRandom);

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        if self.0.fill(buffer).is_err() {
            // Going on would mean guessable tokens; there is no caller that could do better.
            std::process::abort();
        }
    }
}

/// Repeats itself for the same seed: for tests only, never for a server.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededEntropy {
    /// The sequence that belongs to `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let block = self.drawn.fetch_add(1, Ordering::SeqCst);
            let bytes = [self.seed.to_be_bytes(), block.to_be_bytes()].concat();
            for (to, from) in chunk.iter_mut().zip(digest::digest(&digest::SHA256, &bytes).as_ref()) {
                *to = *from;
            }
        }
    }
}

/// A UUID version 7 (RFC 9562 §5.7): the clock's milliseconds, then 74 random bits.
#[must_use]
pub fn new_id(clock: &dyn Clock, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(clock.now().millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
