//! For people: sign-in, the portal, sign-out, errors. Plain HTML that needs no JavaScript; the templates are in `templates/`.
//!
//! A handler builds a struct of [`views`] and returns it: the view knows its status, its text and its security headers.

pub mod assets;
pub mod headers;
pub mod relying_party;
pub mod views;
