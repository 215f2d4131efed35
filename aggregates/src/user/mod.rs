//! The `user` aggregate.
