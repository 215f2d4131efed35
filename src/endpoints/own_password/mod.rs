//! `/authentication/v1/password…`: one's own password.

pub mod change;
pub mod test;
