//! Tokens that carry their address: writing, reading and deriving them; the door that they pass; what they say.

pub mod address_rule;
mod argus_form;
pub mod authorization;
pub mod capped;
pub mod claims;
mod codec;
mod door;
mod jwt_form;
mod missing;
pub mod presented;
pub mod refusals;
mod token;

pub use argus_form::{argus_form, parse_argus_form};
pub use authorization::parse_scopes;
pub use codec::TokenCodec;
pub use door::AuthorizedGrant;
pub use jwt_form::signed_access_token;
pub use presented::Presented;
pub use token::{Kind, Token};
