//! End-to-end tests: the real router, real Postgres; one binary, a module per flow.

mod access;
mod audit;
#[path = "../browser/mod.rs"]
mod browser;
mod client_history;
#[path = "../clients/mod.rs"]
mod clients;
mod clients_read_model;
mod command_line;
mod config;
mod connections;
mod credentials;
mod database;
mod directory;
mod embedded_postgres;
mod event_store;
mod evidence;
mod flows;
mod invariants;
mod keys;
mod oauth_clients;
mod openapi;
mod pages;
mod people;
mod places;
mod relying_party;
mod sinks;
mod support;
