//! What each page shows: a struct of borrowed values per page, and its template. Nothing here reads or decides.

mod change_password;
mod login;
mod portal;
mod problem;
mod sign_out;

pub use change_password::{ChangePassword, PasswordField, PasswordProblem};
pub use login::{Login, SignInProblem};
pub use portal::{Portal, Tile};
pub use problem::{Fault, Problem};
pub use sign_out::{SignOut, SignedOut};

use super::headers::FormTargets;
use askama::{Template, filters::Safe};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// The application that a person is on the way to.
#[derive(Debug, Clone, Copy)]
pub struct Application<'a> {
    /// The client's name.
    pub name: &'a str,
    /// Host, and port if any, of the proven redirect URI: what the person can compare with the address bar later.
    pub host: &'a str,
}

/// A page as a response. Rendering fails only when a `Display` does; then the reader gets a plain sentence.
pub(in crate::pages) fn page(status: StatusCode, forms: FormTargets, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            (status, forms.headers(), [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be shown. Please try again.").into_response()
        }
    }
}

/// Attributes of a field that did not pass: a screen reader says so, and reads the message when the field gets the focus.
fn marked(wrong: bool) -> Safe<&'static str> {
    Safe(if wrong { r#" aria-invalid="true" aria-describedby="problem""# } else { "" })
}

/// "12 seconds", "1 minute", "3 minutes": rounded up, for people.
fn span(wait: aggregates::values::Seconds) -> String {
    let (count, unit) = match wait.0.max(1) {
        seconds @ 1..=90 => (seconds, "second"),
        seconds => (seconds.div_euclid(60).saturating_add(i64::from(seconds % 60 > 0)), "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// `Retry-After` (RFC 9110 §10.2.3) for a page that asks for patience.
fn patience(wait: aggregates::values::Seconds) -> [(header::HeaderName, String); 1] {
    [(header::RETRY_AFTER, wait.0.max(1).to_string())]
}
