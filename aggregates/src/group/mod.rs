//! The `group` aggregate.
