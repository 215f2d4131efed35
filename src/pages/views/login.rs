//! The sign-in page: one form, both fields at once, so that password managers fill it in one go.

use super::{Application, marked, page, patience, span};
use crate::pages::headers::FormTargets;
use aggregates::values::Seconds;
use askama::{Template, filters::Safe};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Why the form is shown again. An unknown user and a wrong password are one and the same case, so they cannot be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// User name and password do not belong together, or the user may not sign in.
    Refused,
    /// Too many attempts, for this account or from this address; open again after this span.
    Throttled(Seconds),
    /// The server cannot check passwords at the moment.
    Unavailable,
}

impl SignInProblem {
    fn text(self) -> String {
        match self {
            Self::Refused => "The user name or the password is not right. Check both and try again.".to_owned(),
            Self::Throttled(wait) => format!("There were too many attempts. Wait {} and try again.", span(wait)),
            Self::Unavailable => "Signing in is not possible at the moment. Try again in a minute.".to_owned(),
        }
    }

    /// 403, because a 401 would owe a `WWW-Authenticate` (RFC 9110 §15.5.2, §15.5.4).
    fn status(self) -> StatusCode {
        match self {
            Self::Refused => StatusCode::FORBIDDEN,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// Posts `resume`, `username`, `password` and, if asked, `domain` to `/login`.
#[derive(Template)]
#[template(path = "login.html")]
pub struct Login<'a> {
    /// Who asked for the sign-in; none for the portal.
    pub application: Option<Application<'a>>,
    /// Why the last attempt did not succeed.
    pub problem: Option<SignInProblem>,
    /// Prefilled: `login_hint`, or what was typed last time.
    pub user_name: &'a str,
    /// Prefilled domain; none does not ask, for a server with a default domain.
    pub domain: Option<&'a str>,
    /// The sealed request that the sign-in continues with; may be empty.
    pub resume: &'a str,
}

impl Login<'_> {
    fn invalid(&self) -> Safe<&'static str> {
        marked(self.problem == Some(SignInProblem::Refused))
    }
}

impl IntoResponse for Login<'_> {
    fn into_response(self) -> Response {
        let status = self.problem.map_or(StatusCode::OK, SignInProblem::status);
        let page = page(status, FormTargets::RelyingParties, &self);
        match self.problem {
            Some(SignInProblem::Throttled(wait)) => (patience(wait), page).into_response(),
            _ => page,
        }
    }
}
