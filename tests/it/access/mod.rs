//! Who may do what: every route for every kind of caller, rights end to end, and what crosses from one customer to another.

#![expect(clippy::unwrap_used, reason = "tests")]

mod callers;
mod matrix;
mod objects;
mod samples;
mod table;
