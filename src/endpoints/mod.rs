//! For machines: one URL, one file; its functions are the methods.

pub mod api_key;
pub mod audit;
pub mod authentication_events;
pub mod client_info;
pub mod current_user;
pub mod customers;
pub mod evidence;
pub mod functions;
pub mod health;
pub mod oauth;
pub mod oauth_client;
pub mod own_password;
pub mod password_authentication;
pub mod people;
pub mod permissions;
pub mod picture;
pub mod session;
pub mod sessions;
pub mod user_authentication;
mod whose;
