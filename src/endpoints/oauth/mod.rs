//! `/authentication/v1/oauth/…` and the metadata of RFC 8414: what relying parties talk to.

pub mod authorize;
pub mod discovery;
pub mod introspect;
pub mod keys;
pub mod token;
pub mod userinfo;
