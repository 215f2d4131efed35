//! End-to-end tests: the real router, real Postgres; one binary, a module per flow.

mod pages;
mod relying_party;
mod config;
mod connections;
mod database;
mod embedded_postgres;
mod keys;
mod support;
