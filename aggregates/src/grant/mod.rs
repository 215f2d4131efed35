//! The `grant` aggregate.
