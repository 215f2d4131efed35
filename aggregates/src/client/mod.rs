//! The `client` aggregate: the definition of an OAuth client (RFC 6749 §2), never its usage.
//!
//! ```text
//! NotStarted ── Define ──▶ Active ──── Delete ───▶ Deleted
//!                          │    ▲
//!                          └────┘ Redefine: one event per aspect that really changes, none when nothing does
//!                                 Restore: the same, behind one that names the version
//! ```
//!
//! A client that was deleted stays deleted; its id is never used again, its short name may be. Every grant remembers the
//! client's *epoch*, which rises when earlier grants must end: on deletion, and when the way to authenticate changes. A rotated
//! secret does not end them.

mod aggregate;
mod commands;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use aggregate::{Client, State};
pub use commands::{Author, ClientAuthentication, ClientCommand, Definition, Facts};
pub use error::ClientError;
pub use events::ClientEvent;
