//! The `function` aggregate: a named permission. Functions form a graph without cycles; one with children implies them, and
//! one flagged `role` is what administrators hand out. Functions belong to no domain.
//!
//! ```text
//! NotStarted ──create──▶ Exists ──delete──▶ Deleted
//!                         ▲    │
//!                         └────┘ describe, rename, mark role, add child, remove child
//! ```

mod aggregate;
mod commands;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use aggregate::Function;
pub use commands::{ChildFact, FunctionCommand};
pub use error::FunctionError;
pub use events::FunctionEvent;
