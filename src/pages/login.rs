//! `GET` and `POST /login`: signing in with user name and password.

use super::{
    browser::{Browser, with_cookies},
    resume::{Resume, by_way_of, next},
    views::{Application, Fault, Login, Problem, SignInProblem},
};
use crate::{
    directory::authenticate::{Attempt, NotSignedIn, sign_in},
    http::{Idp, OAuthError, OAuthForm, cookies},
    read,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use projections::domains;
use zeroize::Zeroizing;

/// What people type, and how long it can be in bytes.
const TYPED: &[&str] = &["username", "password", "domain", "current_password", "new_password", "new_password_again"];
const LONGEST: usize = 4096;

/// The form.
pub async fn get(State(idp): State<Idp>, browser: Browser, uri: Uri) -> Response {
    let Ok(query) = OAuthForm::parse(uri.query().unwrap_or_default()) else {
        return Problem::new(Fault::BadRequest, &browser.request).into_response();
    };
    let sealed = query.get("resume").unwrap_or_default();
    match waiting(&idp, sealed, &browser) {
        Ok(waiting) => {
            let asked = waiting.as_ref().and_then(|resume| OAuthForm::parse(&resume.parameters).ok());
            let hint = asked.as_ref().and_then(|form| form.get("login_hint")).unwrap_or_default();
            let typed = Typed { user_name: hint, domain: None };
            page(&idp, waiting.as_ref(), None, (typed, sealed)).await
        }
        Err(fault) => Problem::new(fault, &browser.request).into_response(),
    }
}

/// Signs in and goes on to where the person wanted to go. The cookie is a new one at every sign-in.
pub async fn post(State(idp): State<Idp>, browser: Browser, form: Result<OAuthForm, OAuthError>) -> Response {
    let form = match typed(form) {
        Ok(form) => form,
        Err(fault) => return Problem::new(fault, &browser.request).into_response(),
    };
    let sealed = form.get("resume").unwrap_or_default();
    let waiting = match waiting(&idp, sealed, &browser) {
        Ok(waiting) => waiting,
        Err(fault) => return Problem::new(fault, &browser.request).into_response(),
    };
    let user_name = form.get("username").unwrap_or_default();
    let attempt = Attempt {
        domain: form.get("domain"),
        user_name,
        password: Zeroizing::new(form.get("password").unwrap_or_default().to_owned()),
        caller: browser.caller,
        request: &browser.request,
        present: browser.presented.as_ref(),
    };
    match sign_in(&idp, attempt).await {
        Ok(signed_in) => {
            let location = if signed_in.must_change_password { by_way_of("/password", sealed) } else { next(sealed) };
            let answer = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]);
            with_cookies(answer, [cookies::set(&idp, cookies::SESSION, &signed_in.token)])
        }
        Err(failure) => {
            let typed = Typed { user_name, domain: form.get("domain") };
            page(&idp, waiting.as_ref(), Some(problem(failure)), (typed, sealed)).await
        }
    }
}

const fn problem(failure: NotSignedIn) -> SignInProblem {
    match failure {
        NotSignedIn::Refused => SignInProblem::Refused,
        NotSignedIn::Throttled(wait) => SignInProblem::Throttled(wait),
        NotSignedIn::Unavailable => SignInProblem::Unavailable,
    }
}

/// A form of one of our pages. What is longer than anybody types is not looked at, so it is neither counted nor recorded.
pub(super) fn typed(form: Result<OAuthForm, OAuthError>) -> Result<OAuthForm, Fault> {
    let form = form.map_err(Fault::of)?;
    let fits = |name: &&str| form.get(name).is_none_or(|text| text.len() <= LONGEST);
    if TYPED.iter().all(fits) { Ok(form) } else { Err(Fault::TooLarge) }
}

/// The request that waits for this sign-in, if one is named.
pub(super) fn waiting(idp: &Idp, sealed: &str, browser: &Browser) -> Result<Option<Resume>, Fault> {
    if sealed.is_empty() {
        return Ok(None);
    }
    Resume::open(idp, sealed, browser).map(Some).ok_or(Fault::Expired)
}

pub(super) fn application(waiting: Option<&Resume>) -> Option<Application<'_>> {
    waiting.map(|resume| Application { name: &resume.application, host: &resume.host })
}

/// What stands in the fields already.
struct Typed<'a> {
    user_name: &'a str,
    domain: Option<&'a str>,
}

/// The form. Where there is more than one domain it asks for that as well.
async fn page(
    idp: &Idp,
    waiting: Option<&Resume>,
    problem: Option<SignInProblem>,
    (typed, resume): (Typed<'_>, &str),
) -> Response {
    // Without an answer from the database the form is shown as for one domain; signing in will say what is wrong.
    let several = read!(idp.database.connections(), |c| domains::list(c)).is_ok_and(|domains| domains.len() > 1);
    let domain = several.then(|| typed.domain.unwrap_or_else(|| idp.config.domain_name()));
    Login { application: application(waiting), problem, user_name: typed.user_name, domain, resume }.into_response()
}
