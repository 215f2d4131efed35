//! cli

pub mod projection;
