//! The `user` aggregate: a person or a technical account, with password, API keys and permissions. Never usage: sign-ins are
//! sessions, so that no two of them collide here.
//!
//! ```text
//! NotStarted ──create──▶ Active ──block──▶ Blocked ──delete──▶ Deleted   (refuses everything but reenable)
//!                         ▲ ▲ │              │                  ▲   │
//!                         │ │ └─────────── delete ──────────────┘   │
//!                         │ └────unblock─────┘                      │
//!                         └───────────── reenable ──────────────────┘
//! ```
//!
//! The **epoch** rises when a password is set, when all sessions are ended, when the user is blocked and when deleted. Whatever
//! was decided at an older epoch is void; neither unblocking nor reenabling lowers it, so they revive nothing.

mod aggregate;
mod commands;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use aggregate::{MAX_API_KEY_DAYS, User};
pub use commands::{NewApiKey, UserCommand};
pub use error::UserError;
pub use events::UserEvent;
