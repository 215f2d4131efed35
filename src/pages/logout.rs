//! `GET` and `POST /logout`: the end of the session, with every token that was authorized in it (OpenID Connect RP-Initiated
//! Logout §2). A relying party that shows an `id_token` of this very session is believed; anybody else's link leads to a
//! question.

use super::{
    browser::{Browser, with_cookies},
    views::{Fault, Problem, SignOut, SignedOut},
};
use crate::http::{Idp, OAuthForm, cookies};
use aggregates::session::{EndReason, Session, SessionCommand};
use axum::{
    extract::State,
    http::Uri,
    response::{IntoResponse, Response},
};
use projections::standing::Standing;

/// Asks, unless a valid `id_token_hint` names the very session.
pub async fn get(State(idp): State<Idp>, browser: Browser, uri: Uri) -> Response {
    let query = OAuthForm::parse(uri.query().unwrap_or_default()).unwrap_or_default();
    let Ok(standing) = browser.look_up(&idp, None).await else {
        return Problem::new(Fault::Unavailable, &browser.request).into_response();
    };
    let Some(user) = &standing.user else { return with_cookies(SignedOut, [cookies::clear(&idp, cookies::SESSION)]) };
    let hinted =
        query.get("id_token_hint").and_then(|hint| idp.signing.session_of(hint, idp.issuer(), query.get("client_id")));
    if hinted.is_some() && hinted == standing.session.as_ref().map(|session| session.id.to_string()) {
        return end(&idp, &browser, &standing).await;
    }
    let user_name = user.user_name.clone().unwrap_or_default();
    SignOut { user_name: &user_name }.into_response()
}

/// Signs out.
pub async fn post(State(idp): State<Idp>, browser: Browser) -> Response {
    match browser.look_up(&idp, None).await {
        Ok(standing) => end(&idp, &browser, &standing).await,
        Err(_) => Problem::new(Fault::Unavailable, &browser.request).into_response(),
    }
}

/// The page says that the session is over only after that is recorded.
async fn end(idp: &Idp, browser: &Browser, standing: &Standing) -> Response {
    if let Some(session) = &standing.session {
        let context = idp.context_of(&browser.request, standing, browser.caller);
        let command = SessionCommand::End { reason: EndReason::SignedOut, now: idp.now() };
        if let Err(cause) = idp.store.execute::<Session>(session.id.uuid(), command, &context).await {
            tracing::error!(%cause, "a sign-out could not be recorded");
            return Problem::new(Fault::Unavailable, &browser.request).into_response();
        }
    }
    with_cookies(SignedOut, [cookies::clear(idp, cookies::SESSION)])
}
