//! End-to-end tests: the real router, real Postgres; one binary, a module per flow.

mod config;
mod connections;
mod database;
mod embedded_postgres;
mod event_store;
mod support;
