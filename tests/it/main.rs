//! End-to-end tests: the real router, real Postgres; one binary, a module per flow.

#[path = "../browser/mod.rs"]
mod browser;
mod pages;
mod relying_party;
mod config;
mod connections;
mod database;
mod directory;
mod embedded_postgres;
mod keys;
mod event_store;
mod support;
#[path = "../clients/mod.rs"]
mod clients;
