//! What several flows need.

pub(crate) mod postgres;
