//! The `function` aggregate.
