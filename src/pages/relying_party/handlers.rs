//! What a browser can ask of the relying party.

use super::{
    RelyingParty,
    sessions::{self, Pending, Session},
    trouble::Trouble,
    views::{Claims, Failed, Welcome},
};
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use std::sync::Arc;

type App = State<Arc<RelyingParty>>;

/// An authorization response (RFC 6749 §4.1.2, RFC 9207 §2).
#[derive(Deserialize)]
pub(super) struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    #[serde(default)]
    error_description: String,
}

/// `GET /`: an invitation, or what is known about the person.
pub(super) async fn home(State(app): App, headers: HeaderMap) -> Response {
    match app.sessions.find(sessions::id(&headers)) {
        Some(Session::SignedIn(session)) => Claims::new(&app, &session).into_response(),
        Some(Session::Pending(_)) | None => Welcome::new(&app).into_response(),
    }
}

/// `GET /sign-in`: off to the provider.
pub(super) async fn sign_in(State(app): App) -> Response {
    let pending = Pending { state: app.random(), nonce: app.random(), verifier: app.random() };
    match app.authorization_request(&pending).await {
        Ok(url) => {
            let id = app.random();
            app.sessions.put(id.clone(), Session::Pending(pending));
            (sessions::cookie(&id), Redirect::to(url.as_str())).into_response()
        }
        Err(trouble) => Failed::new(&app, &trouble).into_response(),
    }
}

/// `GET /callback`: back from the provider. Ends with a redirect, so that the code does not stay in the address bar, and under a
/// fresh session id, so that one that was planted before the sign-in is worth nothing.
pub(super) async fn callback(State(app): App, headers: HeaderMap, Query(answer): Query<Answer>) -> Response {
    let signed_in = match app.sessions.take(sessions::id(&headers)) {
        Some(Session::Pending(pending)) => finish(&app, &answer, &pending).await,
        Some(Session::SignedIn(_)) | None => Err(Trouble::Untrusted("Nobody started this sign-in here")),
    };
    match signed_in {
        Ok(session) => remember(&app, session),
        Err(trouble) => Failed::new(&app, &trouble).into_response(),
    }
}

async fn finish(app: &RelyingParty, answer: &Answer, pending: &Pending) -> Result<Session, Trouble> {
    if answer.state.as_deref() != Some(&pending.state) {
        return Err(Trouble::Untrusted("The answer belongs to another request"));
    }
    let must_name_issuer = app.provider.metadata().await?.authorization_response_iss_parameter_supported;
    if (must_name_issuer || answer.iss.is_some()) && answer.iss.as_deref() != Some(app.provider.issuer()) {
        return Err(Trouble::Untrusted("The answer is from another provider"));
    }
    if let Some(error) = &answer.error {
        return Err(Trouble::Refused { error: error.clone(), description: answer.error_description.clone() });
    }
    let code = answer.code.as_deref().ok_or(Trouble::Untrusted("There is no code"))?;
    Ok(Session::SignedIn(Box::new(app.redeem(code, pending).await?)))
}

/// `POST /refresh`: new tokens. A refusal ends the session here too; a provider that does not answer does not.
pub(super) async fn refresh(State(app): App, headers: HeaderMap) -> Response {
    let id = sessions::id(&headers);
    let Some(Session::SignedIn(session)) = app.sessions.find(id) else {
        return Redirect::to("/").into_response();
    };
    let renewed = app.renew(*session).await;
    if !matches!(renewed, Err(Trouble::Unreachable(_))) {
        app.sessions.take(id);
    }
    match renewed {
        Ok(session) => remember(&app, Session::SignedIn(Box::new(session))),
        Err(trouble) => Failed::new(&app, &trouble).into_response(),
    }
}

/// `POST /sign-out`: forgets the session, then asks the provider to end its own (RP-Initiated Logout §2).
pub(super) async fn sign_out(State(app): App, headers: HeaderMap) -> Response {
    let session = app.sessions.take(sessions::id(&headers));
    let metadata = app.provider.metadata().await.ok();
    let end = metadata.and_then(|metadata| metadata.end_session_endpoint.as_ref()).map(|address| address.0.clone());
    let (Some(Session::SignedIn(session)), Some(mut end)) = (session, end) else {
        return Redirect::to("/").into_response();
    };
    let client_id = app.settings.client_id.as_str();
    end.query_pairs_mut().extend_pairs([("id_token_hint", session.id_token.as_str()), ("client_id", client_id)]);
    Redirect::to(end.as_str()).into_response()
}

fn remember(app: &RelyingParty, session: Session) -> Response {
    let id = app.random();
    app.sessions.put(id.clone(), session);
    (sessions::cookie(&id), Redirect::to("/")).into_response()
}
