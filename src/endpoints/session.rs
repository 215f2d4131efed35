//! `GET` and `DELETE /authentication/v1/session`: who am I, and sign me out.

use crate::{
    http::{ArgusError, Asking, Changing, Credential, Idp, Reply, cookies},
    read,
};
use aggregates::{
    ids::SessionId,
    session::{EndReason, Session, SessionCommand},
};
use axum::extract::State;
use base64::{Engine, engine::general_purpose::STANDARD};
use projections::{
    Unseal,
    standing::{self, Standing, Subject},
};
use serde_json::{Value, json};

/// The caller's session.
///
/// # Errors
/// 401.
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking) -> Result<Reply, ArgusError> {
    let (method, subject) = match caller.credential {
        Credential::ApiKey { read_only } => {
            return Ok(Reply::ok(described(&idp, ("APIKEY", read_only), &Standing::default(), None)));
        }
        Credential::Session(session) => ("PASSWORD", Subject { session: Some(session), ..Subject::default() }),
        Credential::Delegated(grant) => ("PASSWORD", Subject { grant: Some(grant), ..Subject::default() }),
    };
    let standing = read!(idp.database.connections(), |c| standing::find(c, subject))?;
    let own = match caller.credential {
        Credential::Session(session) => Some(session),
        Credential::ApiKey { .. } | Credential::Delegated(_) => None,
    };
    Ok(Reply::ok(described(&idp, (method, false), &standing, own)))
}

fn described(idp: &Idp, (method, read_only): (&str, bool), standing: &Standing, own: Option<SessionId>) -> Value {
    let session = standing.session.as_ref();
    let key = standing.personal_key.as_deref();
    json!({
        "authenticationMethod": method,
        "clientIP": session.and_then(|session| idp.keys.open(key?, &session.address)),
        "createdTimestamp": session.map(|session| session.started_at),
        "passwordNotSet": false,
        "readOnly": read_only,
        "securityLevel": if own.is_some() { "DEFAULT" } else { "EXTERNAL" },
        "sessionKey": own.map(|session| STANDARD.encode(idp.keys.csrf_key(session))),
        "timestamp": idp.now(),
        "validUntilTimestamp": session.map(|session| session.valid_until),
    })
}

/// Signs out: the session ends, and with it every token that was authorized in it.
///
/// # Errors
/// 401; 403 for a credential that is not a session of the user's own.
pub async fn delete(State(idp): State<Idp>, Changing(caller): Changing) -> Result<Reply, ArgusError> {
    let Credential::Session(session) = caller.credential else { return Err(ArgusError::Denied) };
    let command = SessionCommand::End { reason: EndReason::SignedOut, now: idp.now() };
    idp.store.execute::<Session>(session.uuid(), command, &caller.context).await?;
    Ok(Reply::ok(json!({})).with_cookie(cookies::clear(&idp, cookies::SESSION)))
}
