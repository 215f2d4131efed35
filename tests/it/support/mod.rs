//! What several flows need.

pub(crate) mod postgres;
pub(crate) mod wire;
