//! The page for a new password, when the present one must be replaced before the sign-in counts.

use super::{Application, marked, page};
use crate::{
    directory::password_rules::{FEWEST_CHARACTERS, UnfitPassword},
    pages::headers::FormTargets,
};
use askama::{Template, filters::Safe};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// One field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordField {
    /// `current_password`
    Current,
    /// `new_password`
    New,
    /// `new_password_again`
    Again,
}

/// Why the password was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordProblem {
    /// The current password is not right.
    CurrentIsWrong,
    /// The new password has fewer than this many characters.
    TooShort(usize),
    /// The new password has more characters than we take.
    TooLong,
    /// The new password is one of those that everybody tries first, or contains the user name.
    TooCommon,
    /// The new password is the current one.
    Unchanged,
    /// The two new passwords differ.
    Different,
}

impl From<UnfitPassword> for PasswordProblem {
    fn from(unfit: UnfitPassword) -> Self {
        match unfit {
            UnfitPassword::TooShort => Self::TooShort(FEWEST_CHARACTERS),
            UnfitPassword::TooLong | UnfitPassword::Nul => Self::TooLong,
            UnfitPassword::Common | UnfitPassword::Context => Self::TooCommon,
        }
    }
}

impl PasswordProblem {
    fn text(self) -> String {
        match self {
            Self::CurrentIsWrong => "The current password is not right.".to_owned(),
            Self::TooShort(least) => format!("The new password needs at least {least} characters."),
            Self::TooLong => "The new password is too long.".to_owned(),
            Self::TooCommon => "The new password is too easy to guess.".to_owned(),
            Self::Unchanged => "The new password is the same as the current one.".to_owned(),
            Self::Different => "The two new passwords are not the same.".to_owned(),
        }
    }

    const fn field(self) -> PasswordField {
        match self {
            Self::CurrentIsWrong => PasswordField::Current,
            Self::TooShort(_) | Self::TooLong | Self::TooCommon | Self::Unchanged => PasswordField::New,
            Self::Different => PasswordField::Again,
        }
    }
}

/// Posts `resume`, `current_password`, `new_password` and `new_password_again` to `/password`.
#[derive(Template)]
#[template(path = "change_password.html")]
pub struct ChangePassword<'a> {
    /// Where the sign-in leads, if to an application.
    pub application: Option<Application<'a>>,
    /// What is wrong with the last attempt.
    pub problems: &'a [PasswordProblem],
    /// For the password manager: whose password this is.
    pub user_name: &'a str,
    /// The fewest characters of a password.
    pub shortest: usize,
    /// The sealed request that the sign-in continues with; may be empty.
    pub resume: &'a str,
}

impl ChangePassword<'_> {
    fn wrong(&self, field: PasswordField) -> bool {
        self.problems.iter().any(|problem| problem.field() == field)
    }

    fn invalid(&self, field: PasswordField) -> Safe<&'static str> {
        marked(self.wrong(field))
    }
}

impl IntoResponse for ChangePassword<'_> {
    fn into_response(self) -> Response {
        let status = if self.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        page(status, FormTargets::RelyingParties, &self)
    }
}
