//! The `group` aggregate: users and groups that hold permissions together. Groups nest without cycles, inside one domain.
//!
//! ```text
//! NotStarted ──create──▶ Exists ──delete──▶ Deleted   (refuses everything but reenable)
//!                         ▲ ▲ │               │
//!                         │ └─┘               │ describe, rename, move, add / remove member, grant / revoke permission
//!                         └──── reenable ─────┘
//! ```

mod aggregate;
mod commands;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use aggregate::Group;
pub use commands::{GroupCommand, MemberFact};
pub use error::GroupError;
pub use events::{GroupEvent, Member};
