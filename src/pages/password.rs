//! `GET` and `POST /password`: choosing a new password, of one's own will or because the present one was set by somebody else.

use super::{
    browser::{Browser, with_cookies},
    login::{application, waiting},
    resume::{Resume, next},
    views::{ChangePassword, Fault, PasswordProblem, Problem},
};
use crate::{
    directory::{
        self,
        authenticate::{Attempt, NotSignedIn, Proof, confirm, sign_in},
        password_rules,
    },
    http::{Idp, OAuthError, OAuthForm, cookies},
};
use aggregates::ids::UserId;
use axum::{
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use zeroize::Zeroizing;
