//! End-to-end tests: the real router, real Postgres; one binary, a module per flow.

#[path = "../clients/mod.rs"]
mod clients;
