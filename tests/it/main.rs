//! End-to-end tests: the real router, real Postgres; one binary, a module per flow.

#[path = "../browser/mod.rs"]
mod browser;
mod pages;
mod relying_party;
