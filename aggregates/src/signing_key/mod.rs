//! The `signing_key` aggregate.
