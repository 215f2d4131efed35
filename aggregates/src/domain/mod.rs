//! The `domain` aggregate.
