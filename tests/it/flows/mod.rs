//! Every flow over the real router and real Postgres, with a clock that stands still. Refusals come first.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod access_denied;
mod addresses;
mod alike;
mod audit_trail;
mod authorize;
mod bad_input;
mod canary;
mod client_authentication;
mod code;
mod current_user;
mod decision_record;
mod disabled_client;
mod discovery;
mod forwarding;
mod introspection;
mod login;
mod must_change_password;
mod narrowed_session;
mod overtaken;
mod portal_call;
mod refresh;
mod refused_calls;
mod revocation;
mod scripts;
mod security_level;
mod session;
mod sign_in_on_the_way;
mod signed_tokens;
mod socket;
mod userinfo;
