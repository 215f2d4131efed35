//! Tokens that carry their address: writing, reading and deriving them.

mod argus_form;
mod codec;
mod token;

pub use argus_form::{argus_form, parse_argus_form};
pub use codec::TokenCodec;
pub use token::{Kind, Token};
