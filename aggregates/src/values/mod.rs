//! Values that are parsed once and trusted afterwards. Every parser is anchored, ASCII unless it says otherwise, and bounded.

mod jwk;
mod sealed;
mod short_name;
mod timestamp;
mod token_hash;

pub use jwk::{PublicJwk, SealedPrivateKey, SigningAlgorithm};
pub use sealed::Sealed;
pub use short_name::{InvalidShortName, ShortName};
pub use timestamp::{Seconds, Timestamp};
pub use token_hash::{InvalidTokenHash, TokenHash};
