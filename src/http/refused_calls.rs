//! Calls that were refused although the credential is real, a stream each: what is not permitted (403), and a right API key or
//! session token from an address that is not its own (401). They are recorded after the answer, which takes no longer for it and
//! so tells nothing; what one user's credentials can cause is capped.

use super::{Credential, Idp};
use crate::{event_store::Context, tokens::capped::Capped};
use aggregates::{
    ids::UserId,
    session::{CallRefusal, RealCredential, RefusedCall, Session, SessionCommand},
};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{Extensions, Method},
    middleware::Next,
    response::Response,
};
use std::sync::{Arc, OnceLock};

/// Counts equal refusals of the last minute: per user and reason, whatever was called.
pub type CallCounter = Capped<(UserId, CallRefusal), (RefusedCall, Context)>;

/// On an answer: the caller is known, and may not do that.
#[derive(Debug, Clone, Copy)]
pub(super) struct NotPermitted;

/// Whose real credential it was, and what is recorded beside the refusal.
#[derive(Debug, Clone)]
pub struct Proven {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub credential: Credential,
    /// What is recorded beside it.
    pub context: Context,
}

/// Where a request's extractor says who is calling, for [`watch`].
#[derive(Debug, Clone, Default)]
pub(super) struct Seen(Arc<OnceLock<Proven>>);

impl Seen {
    /// Says who is calling.
    pub(super) fn note(extensions: &Extensions, proven: impl FnOnce() -> Proven) {
        if let Some(seen) = extensions.get::<Self>() {
            seen.0.get_or_init(proven);
        }
    }
}

/// Method and route: never the path, which may hold what nobody should read.
#[must_use]
pub fn call(method: &Method, extensions: &Extensions) -> String {
    let route = extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    format!("{method} {route}")
}

/// Has what is not permitted recorded.
pub async fn watch(State(idp): State<Idp>, mut request: Request, next: Next) -> Response {
    let (seen, call) = (Seen::default(), call(request.method(), request.extensions()));
    request.extensions_mut().insert(seen.clone());
    let response = next.run(request).await;
    let denied = response.extensions().get::<NotPermitted>().and_then(|_| seen.0.get());
    if let Some(proven) = denied {
        remember_later(&idp, proven.clone(), (CallRefusal::NotPermitted, call));
    }
    response
}

/// Records a refusal, under the cap, without keeping anybody waiting. When it cannot be recorded, the caller is refused all the same.
pub fn remember_later(idp: &Idp, proven: Proven, (reason, call): (CallRefusal, String)) {
    idp.metrics.count(|metrics| &metrics.refused_calls);
    let Proven { user, credential, context } = proven;
    let now = idp.now();
    let refused = RefusedCall { user, credential: credential.into(), call, reason, count: 1, now };
    let due = idp.refused_calls.admit((user, reason), (refused, context), now);
    let idp = idp.clone();
    tokio::spawn(async move {
        for refused in due {
            record(&idp, refused).await;
        }
    });
}

/// Records what has gathered: now and then, and with `all` when the server stops.
pub async fn flush(idp: &Idp, all: bool) {
    for refused in idp.refused_calls.due((!all).then(|| idp.now())) {
        record(idp, refused).await;
    }
}

async fn record(idp: &Idp, ((refused, context), count): ((RefusedCall, Context), u32)) {
    let command = SessionCommand::RefuseCall(RefusedCall { count, ..refused });
    if let Err(cause) = idp.store.create::<Session>(idp.new_id(), command, &context).await {
        tracing::error!(%cause, "a refused call could not be recorded");
    }
}

impl From<Credential> for RealCredential {
    fn from(credential: Credential) -> Self {
        match credential {
            Credential::ApiKey(prefix) => Self::ApiKey(prefix),
            Credential::Session(session) => Self::Session(session),
            Credential::Delegated(grant) => Self::Grant(grant),
        }
    }
}
