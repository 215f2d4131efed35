//! For machines: one URL, one file; its functions are the methods.

pub mod api_key;
pub mod audit_entries;
pub mod current_user;
pub mod health;
pub mod oauth;
pub mod oauth_client;
pub mod password_authentication;
pub mod people;
pub mod picture;
pub mod session;
pub mod sessions;
pub mod user_authentication;
