//! The life of one signing key. The node that needs a key makes it, everyone publishes it, one at a time signs.
//!
//! ```text
//! NotStarted --Generate--> Successor --Activate--> Active --Retire--> Retired
//!                           published               published, signs   published until the last token has expired
//! ```
//!
//! A successor is published before it is used, so that a relying party that caches our keys knows it by then (OpenID Connect
//! Core §10.1.1).

mod aggregate;
mod commands;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use aggregate::{SigningKey, Status};
pub use commands::SigningKeyCommand;
pub use error::SigningKeyError;
pub use events::SigningKeyEvent;
