//! Signing out: the question, when nobody proved that the person asked for it (OpenID Connect RP-Initiated Logout §2), and the end.

use super::page;
use crate::pages::headers::FormTargets;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Asks before signing out. Posts to `/logout`.
#[derive(Template)]
#[template(path = "sign_out.html")]
pub struct SignOut<'a> {
    /// Who is signed in.
    pub user_name: &'a str,
}

impl IntoResponse for SignOut<'_> {
    fn into_response(self) -> Response {
        page(StatusCode::OK, FormTargets::RelyingParties, &self)
    }
}

/// Says that the session is over.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOut;

impl IntoResponse for SignedOut {
    fn into_response(self) -> Response {
        page(StatusCode::OK, FormTargets::Own, &self)
    }
}
