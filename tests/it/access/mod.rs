//! Who may do what: every route for every kind of caller, rights end to end, and what crosses from one customer to another.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod bodies;
mod built;
mod callers;
mod lists;
mod matrix;
mod objects;
mod plan;
mod rights;
mod samples;
mod table;
