//! What endpoints and pages share of HTTP: state, strict extractors, credentials, addresses, errors and limits.

pub mod address;
pub mod argus_error;
pub mod bearer;
pub mod caller;
pub mod client_authentication;
pub mod cookies;
pub mod envelope;
pub mod fields;
pub mod form;
mod forwarded_header;
pub mod idp;
pub mod json_body;
pub mod known_host;
pub mod layers;
pub mod metrics;
pub mod oauth_error;
pub mod query;
pub mod reference;
pub mod request_id;
pub mod search_fields;
pub mod server;
mod strict_json;

pub use address::{CallerIp, Forwarded, PeerIp};
pub use argus_error::{ArgusError, FieldError};
pub use caller::{Asking, Caller, Changing, Credential, Intent};
pub use envelope::{Page, Reply};
pub use fields::Fields;
pub use form::{OAuthForm, RepeatableForm};
pub use idp::{Idp, Parts};
pub use json_body::JsonBody;
pub use oauth_error::OAuthError;
pub use query::query_fields;
pub use reference::Reference;
pub use request_id::RequestId;
