//! `GET` and `POST /logout`: the question, and the end of the session with every token that was authorized in it.

use super::{
    browser::{Browser, with_cookies},
    views::{Fault, Problem, SignOut, SignedOut},
};
use crate::http::{Idp, cookies};
use aggregates::session::EndReason;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

/// Asks. Nothing changes by following a link.
pub async fn get(State(idp): State<Idp>, browser: Browser) -> Response {
    match browser.look_up(&idp, None).await {
        Err(_) => Problem::new(Fault::Unavailable, &browser.request).into_response(),
        Ok(standing) => match standing.user.and_then(|user| user.user_name) {
            Some(user_name) => SignOut { user_name: &user_name, resume: "" }.into_response(),
            None => Redirect::to("/login").into_response(),
        },
    }
}

/// Signs out. The page says so only after the end is recorded.
pub async fn post(State(idp): State<Idp>, browser: Browser) -> Response {
    let Ok(standing) = browser.look_up(&idp, None).await else {
        return Problem::new(Fault::Unavailable, &browser.request).into_response();
    };
    if browser.end(&idp, &standing, EndReason::SignedOut).await.is_err() {
        return Problem::new(Fault::Unavailable, &browser.request).into_response();
    }
    with_cookies(SignedOut, [cookies::clear(&idp, cookies::SESSION)])
}
