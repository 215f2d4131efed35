//! `/authentication/v1/oauth/…` and the metadata of RFC 8414: what relying parties talk to.

mod asking;
pub mod authorize;
mod described;
pub mod discovery;
mod forms;
pub mod introspect;
pub mod keys;
pub mod revoke;
pub mod token;
pub mod userinfo;
