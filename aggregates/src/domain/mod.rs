//! The `domain` aggregate: the space in which customers, groups and users have unique names.
//!
//! ```text
//! NotStarted ──create──▶ Exists ─┐
//!                          ▲     │ rename
//!                          └─────┘
//! ```

mod aggregate;
mod commands;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use aggregate::Domain;
pub use commands::DomainCommand;
pub use error::DomainError;
pub use events::DomainEvent;
