//! The `client` aggregate.
