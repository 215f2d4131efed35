//! `/authentication/v1/oauth/client…`: the definitions of OAuth clients.
//!
//! Who may do what: `docs/decisions/0005-who-sees-which-client.md`.

mod changing;
pub mod client;
pub mod collection;
mod described;
pub mod diff;
pub mod history;
mod moment;
pub mod preview;
pub mod restore;
mod rights;
pub mod search;
mod search_input;
pub mod who_can;

pub use collection::{get, post};
