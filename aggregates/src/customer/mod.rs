//! The `customer` aggregate: whom users belong to and permissions are for. Customers nest inside one domain; the one without
//! a parent is the domain's root.
//!
//! A disabled customer, with all below it, shuts its users out and takes in nothing new; its history and its permissions stay.
//!
//! ```text
//! NotStarted ──create──▶ Enabled ──disable──▶ Disabled        rename, change short name, move: in both
//!                           ▲                    │
//!                           └──────enable────────┘
//! ```

mod aggregate;
mod commands;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use aggregate::Customer;
pub use commands::{CustomerCommand, ParentFact};
pub use error::CustomerError;
pub use events::CustomerEvent;
