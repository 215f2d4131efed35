//! `/authentication/v1/session…`: the caller's session, what it may do, and narrower ones made from it.
//!
//! `GET` and `DELETE /authentication/v1/session`: who am I, and sign me out.

pub mod constrain;
pub mod customer;
pub mod evict;
pub mod function;
pub mod permission;

use crate::{
    http::{
        ArgusError, Asking, Caller, Credential, Done, Envelope, Idp, Leaving, OfDomain, Reply, cookies,
        started_session::session_key,
    },
    read,
};
use aggregates::{
    session::{AuthenticationMethod, EndReason, Session, SessionCommand},
    values::{SecurityLevel, Timestamp},
};
use axum::{extract::State, http::Uri};
use projections::{
    Unseal, lookup,
    standing::{Standing, Subject},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A session as its holder sees it. Of an API key only the method and what it may do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionInfo {
    /// How the user proved who they are.
    authentication_method: &'static str,
    /// The address that the session is bound to; a client learns it at userinfo, by scope.
    #[serde(rename = "clientIP")]
    client_ip: Option<String>,
    /// When it started, in milliseconds.
    #[schema(value_type = Option<i64>)]
    created_timestamp: Option<Timestamp>,
    /// Always false: who has no password cannot have signed in with one.
    password_not_set: bool,
    /// Whether it may change nothing.
    read_only: bool,
    /// How far it is trusted.
    security_level: &'static str,
    /// The key that signs CSRF tokens, in base64; only of a session of the user's own.
    session_key: Option<String>,
    /// The server's time, in milliseconds.
    #[schema(value_type = i64)]
    timestamp: Timestamp,
    /// When it ends by itself, in milliseconds.
    #[schema(value_type = Option<i64>)]
    valid_until_timestamp: Option<Timestamp>,
}

/// The caller's session. `domain`, if given, must be the caller's own.
///
/// # Errors
/// 401; 412.
#[utoipa::path(get, path = "/authentication/v1/session", params(OfDomain),
    responses((status = 200, description = "The session.", body = Envelope<SessionInfo>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let OfDomain { domain } = OfDomain::read(&uri)?;
    if let Some(domain) = domain {
        let meant = read!(idp.database.connections(), |c| lookup::domain(c, &domain))?;
        if meant.is_none_or(|meant| meant.id != caller.domain) {
            return Err(ArgusError::NotAuthenticated);
        }
    }
    let standing = match caller.credential {
        Credential::ApiKey(_) => Standing::default(),
        Credential::Session(session) => look_up(&idp, Subject { session: Some(session), ..Subject::default() }).await?,
        Credential::Delegated(grant) => look_up(&idp, Subject { grant: Some(grant), ..Subject::default() }).await?,
    };
    Ok(Reply::ok(described(&idp, &caller, &standing)))
}

async fn look_up(idp: &Idp, subject: Subject<'_>) -> Result<Standing, ArgusError> {
    Ok(idp.standings.find(subject).await?)
}

fn described(idp: &Idp, caller: &Caller, standing: &Standing) -> SessionInfo {
    let session = standing.session.as_ref();
    let key = standing.personal_key.as_deref();
    let own = match caller.credential {
        Credential::Session(session) => Some(session),
        Credential::ApiKey(_) | Credential::Delegated(_) => None,
    };
    SessionInfo {
        authentication_method: method(session.map_or(AuthenticationMethod::ApiKey, |session| session.method)),
        client_ip: own.and_then(|_| idp.keys.open(key?, &session?.address)),
        created_timestamp: session.map(|session| session.started_at),
        password_not_set: false,
        read_only: caller.rights.is_read_only(),
        security_level: level(caller.level),
        session_key: own.map(|session| session_key(idp, session)),
        timestamp: idp.now(),
        valid_until_timestamp: session.map(|session| session.valid_until),
    }
}

const fn method(method: AuthenticationMethod) -> &'static str {
    match method {
        AuthenticationMethod::Password => "PASSWORD",
        AuthenticationMethod::ApiKey => "APIKEY",
    }
}

const fn level(level: SecurityLevel) -> &'static str {
    match level {
        SecurityLevel::External => "EXTERNAL",
        SecurityLevel::Standard => "DEFAULT",
        SecurityLevel::Administrative => "ADMINISTRATIVE",
    }
}

/// Signs out: the session ends, and with it every token that was authorized in it and every session narrowed from it.
///
/// # Errors
/// 401; 403 for a credential that is not a session of the user's own.
#[utoipa::path(delete, path = "/authentication/v1/session",
    responses((status = 200, description = "Signed out.", body = Envelope<Done>), ArgusError))]
pub async fn delete(State(idp): State<Idp>, Leaving(caller): Leaving) -> Result<Reply, ArgusError> {
    let Credential::Session(session) = caller.credential else { return Err(ArgusError::Denied) };
    let command = SessionCommand::End { reason: EndReason::SignedOut, now: idp.now() };
    idp.store.execute::<Session>(session.uuid(), command, &caller.context).await?;
    Ok(Reply::ok(Done {}).with_cookie(cookies::clear(&idp, cookies::SESSION)))
}

/// Signs out, below the older path.
///
/// # Errors
/// Those of [`delete`].
#[utoipa::path(delete, path = "/authentication/v1/logout",
    responses((status = 200, description = "Signed out.", body = Envelope<Done>), ArgusError))]
pub async fn logout(idp: State<Idp>, caller: Leaving) -> Result<Reply, ArgusError> {
    delete(idp, caller).await
}
