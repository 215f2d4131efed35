//! cli

pub mod key;
