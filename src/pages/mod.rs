//! For people: sign-in, the portal, sign-out, errors. Plain HTML that needs no JavaScript; the templates are in `templates/`.
//!
//! A handler builds a struct of [`views`] and returns it: the view knows its status, its text and its security headers.

pub mod api_reference;
pub mod assets;
pub mod authorize;
pub mod browser;
pub mod fallback;
pub mod headers;
pub mod login;
pub mod logout;
pub mod own_forms;
pub mod password;
pub mod portal;
pub mod relying_party;
pub mod resume;
pub mod views;
