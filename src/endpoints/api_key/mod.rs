//! `/authentication/v1/apikey…`: the caller's own API keys. A key carries all that its owner may do and outlives what it was made
//! with, so only the user in person handles them: nothing delegated, nothing narrowed.

pub mod collection;
pub mod key;
mod proof;

pub use collection::{get, post};
