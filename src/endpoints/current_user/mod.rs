//! `/currentuser/v1/…`: what callers learn of themselves.

pub mod customers;
pub mod functions;
pub mod groups;
pub mod permissions;
pub mod picture;
pub mod user;
