//! The `customer` aggregate.
