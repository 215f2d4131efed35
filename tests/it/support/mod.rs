//! What several flows need.

pub(crate) mod directory;
pub(crate) mod people;
pub(crate) mod postgres;
pub(crate) mod relying_party;
pub(crate) mod server;
pub(crate) mod sessions;
pub(crate) mod wire;
mod wire_said;
