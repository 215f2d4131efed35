//! Who people are and what they may do: from input to command, for the command line and the HTTP interface alike.
//!
//! One module per noun. Each takes plain input, looks up the facts on the lane's connection and answers with the command; the
//! caller lets the [`Desk`] carry it out.

pub mod api_keys;
pub mod apply;
pub mod authenticate;
pub mod bootstrap;
mod builtin;
pub mod clients;
pub mod customers;
pub(crate) mod desk;
pub mod domains;
mod error;
pub mod functions;
pub mod groups;
pub mod password_rules;
pub mod passwords;
pub mod permissions;
pub mod pictures;
pub mod references;
pub mod users;

pub use desk::{Desk, Tools};
pub use error::DirectoryError;
