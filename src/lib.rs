//! Argus IdP: an event-sourced OAuth 2.0 / OpenID Connect identity provider that speaks the Argus API.
//!
//! A request is parsed into a command, an aggregate decides events, one statement or transaction records them with the state
//! that decisions need, followers project the rest, and the endpoint answers from what was recorded.

pub mod clock;
pub mod config;
pub mod database;
pub mod directory;
pub mod endpoints;
pub mod entropy;
pub mod event_store;
pub mod evidence;
pub mod http;
pub mod keys;
pub mod pages;
pub mod sinks;
pub mod tokens;
pub mod trail;

pub mod app;
pub mod cli;
pub mod router;
