//! What endpoints and pages share of HTTP: state, strict extractors, credentials, addresses, errors and limits.

pub mod address;
pub mod bearer;
pub mod caller;
pub mod client_authentication;
pub mod cookies;
pub mod form;
pub mod idp;
pub mod oauth_error;
pub mod request_id;
pub mod server;

pub use address::{CallerIp, Forwarded, PeerIp};
pub use caller::{Caller, Credential};
pub use form::OAuthForm;
pub use idp::{Idp, Parts};
pub use oauth_error::OAuthError;
pub use request_id::RequestId;
