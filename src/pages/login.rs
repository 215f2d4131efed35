//! `GET` and `POST /login`: signing in with user name and password.

use super::{
    browser::{Browser, with_cookies},
    resume::{Resume, by_way_of, next},
    views::{Application, Fault, Login, Problem, SignInProblem},
};
use crate::{
    directory::authenticate::{Attempt, NotSignedIn, SignedIn, sign_in},
    http::{Idp, OAuthError, OAuthForm, cookies},
};
use aggregates::session::EndReason;
use axum::{
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use zeroize::Zeroizing;

/// What people type, and how long it can be in bytes.
const TYPED: &[&str] =
    &["username", "password", "domain", "current_password", "new_password", "new_password_again"];
const LONGEST: usize = 4096;

/// The form.
pub async fn get(State(idp): State<Idp>, browser: Browser, uri: Uri) -> Response {
    let Ok(query) = OAuthForm::parse(uri.query().unwrap_or_default()) else {
        return Problem::new(Fault::BadRequest, &browser.request).into_response();
    };
    let sealed = query.get("resume").unwrap_or_default();
    match waiting(&idp, sealed, &browser) {
        Ok(waiting) => page(waiting.as_ref(), None, "", sealed),
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
        present: browser.presented.as_ref().map(|presented| presented.id),
    };
    match sign_in(&idp, attempt).await {
        Ok(signed_in) => welcome(&idp, &browser, &signed_in, sealed).await,
        Err(failure) => page(waiting.as_ref(), Some(problem(failure)), user_name, sealed),
    }
}

/// On with the new session. Another session that this browser had, most likely somebody else's, ends first: its cookie is about to
/// be overwritten, and nobody could sign out of it.
async fn welcome(idp: &Idp, browser: &Browser, signed_in: &SignedIn, sealed: &str) -> Response {
    if browser.presented.as_ref().is_some_and(|presented| presented.id != signed_in.session) {
        let ended = match browser.look_up(idp, None).await {
            Ok(standing) => browser.end(idp, &standing, EndReason::Replaced).await,
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            return Problem::new(Fault::of(error), &browser.request).into_response();
        }
    }
    let location = if signed_in.must_change_password { by_way_of("/password", sealed) } else { next(sealed) };
    let answer = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]);
    with_cookies(answer, [cookies::set(idp, cookies::SESSION, &signed_in.token)])
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

fn page(waiting: Option<&Resume>, problem: Option<SignInProblem>, user_name: &str, resume: &str) -> Response {
    Login { application: application(waiting), problem, user_name, domain: None, resume }.into_response()
}
