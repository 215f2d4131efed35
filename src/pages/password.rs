//! `GET` and `POST /password`: choosing a new password, of one's own will or because the present one was set by somebody else.

use super::{
    browser::{Browser, with_cookies},
    login::{application, typed, waiting},
    resume::{Resume, next},
    views::{ChangePassword, Fault, PasswordProblem, Problem},
};
use crate::{
    directory::{
        self,
        authenticate::{NotSignedIn, Proof, confirm, sign_in_again},
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

/// The form.
pub async fn get(State(idp): State<Idp>, browser: Browser, uri: Uri) -> Response {
    let Ok(query) = OAuthForm::parse(uri.query().unwrap_or_default()) else {
        return Problem::new(Fault::BadRequest, &browser.request).into_response();
    };
    match Visit::begin(&idp, &browser, query.get("resume").unwrap_or_default()).await {
        Ok(visit) => visit.page(&[]),
        Err(answer) => answer,
    }
}

/// Changes the password. Every session and token from before ends with that; this browser is signed in anew and goes on.
pub async fn post(State(idp): State<Idp>, browser: Browser, form: Result<OAuthForm, OAuthError>) -> Response {
    let form = match typed(form) {
        Ok(form) => form,
        Err(fault) => return Problem::new(fault, &browser.request).into_response(),
    };
    let visit = match Visit::begin(&idp, &browser, form.get("resume").unwrap_or_default()).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let typed = |name| Zeroizing::new(form.get(name).unwrap_or_default().to_owned());
    let (current, new, again) = (typed("current_password"), typed("new_password"), typed("new_password_again"));
    let mut problems = Vec::new();
    if let Err(unfit) = password_rules::check(&new, &visit.user_name) {
        problems.push(PasswordProblem::from(unfit));
    }
    if *new != *again {
        problems.push(PasswordProblem::Different);
    }
    if *new == *current {
        problems.push(PasswordProblem::Unchanged);
    }
    if !problems.is_empty() {
        return visit.page(&problems);
    }
    match visit.change(current, new).await {
        Ok(answer) => answer,
        Err(NotSignedIn::Refused) => visit.page(&[PasswordProblem::CurrentIsWrong]),
        Err(NotSignedIn::Throttled(wait)) => Problem::new(Fault::TooMany(wait), &browser.request).into_response(),
        Err(NotSignedIn::Unavailable) => Problem::new(Fault::Unavailable, &browser.request).into_response(),
    }
}

/// Somebody who is signed in, before this page.
struct Visit<'a> {
    idp: &'a Idp,
    browser: &'a Browser,
    sealed: &'a str,
    waiting: Option<Resume>,
    user: UserId,
    user_name: String,
}

impl<'a> Visit<'a> {
    async fn begin(idp: &'a Idp, browser: &'a Browser, sealed: &'a str) -> Result<Self, Response> {
        let problem = |fault| Problem::new(fault, &browser.request).into_response();
        let waiting = waiting(idp, sealed, browser).map_err(problem)?;
        let standing = browser.look_up(idp, None).await.map_err(|_| problem(Fault::Unavailable))?;
        match standing.user {
            Some(user) => {
                let user_name = user.user_name.unwrap_or_default();
                Ok(Self { idp, browser, sealed, waiting, user: user.id, user_name })
            }
            None => Err(Redirect::to("/login").into_response()),
        }
    }

    fn page(&self, problems: &[PasswordProblem]) -> Response {
        ChangePassword {
            application: application(self.waiting.as_ref()),
            problems,
            user_name: &self.user_name,
            shortest: password_rules::FEWEST_CHARACTERS,
            resume: self.sealed,
        }
        .into_response()
    }

    async fn change(&self, current: Zeroizing<String>, new: Zeroizing<String>) -> Result<Response, NotSignedIn> {
        let (caller, request) = (self.browser.caller, &self.browser.request);
        let context = confirm(self.idp, self.user, Proof { password: current, caller, request }).await?;
        directory::users::choose_password(&self.idp.store, self.idp.tools(), context, self.user, new.clone())
            .await
            .map_err(|cause| {
                tracing::error!(%cause, "a password could not be changed");
                NotSignedIn::Unavailable
            })?;
        let signed_in = sign_in_again(self.idp, self.user, Proof { password: new, caller, request }).await?;
        let answer = (StatusCode::SEE_OTHER, [(header::LOCATION, next(self.sealed))]);
        Ok(with_cookies(answer, [cookies::set(self.idp, cookies::SESSION, &signed_in.token)]))
    }
}
