//! What several flows need.

pub(crate) mod directory;
pub(crate) mod postgres;
pub(crate) mod wire;
mod wire_said;
