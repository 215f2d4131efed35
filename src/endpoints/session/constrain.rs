//! `POST /authentication/v1/session/constrain`: a new session that may do less than the caller's, and ends with it.

use crate::{
    http::{
        ArgusError, Caller, Credential, Envelope, Idp, Intent, JsonBody, Reply, StartedSession, cookies,
        read_constraints,
    },
    read,
    tokens::{Kind, argus_form},
};
use aggregates::{
    ids::SessionId,
    session::{Narrowing, Session, SessionCommand, SignIn},
    values::{Timestamp, TokenHash},
};
use axum::{extract::State, http::request::Parts};
use projections::{lookup, sessions::SessionRow};
use utoipa::ToSchema;

/// What the new session is narrowed to. Absent lists do not narrow; an empty one is refused, as nobody can tell what it means.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body that `read_constraints` reads")]
pub struct ConstrainedSessionRequest {
    /// Customers, by number or short name, with those below them.
    customer: Option<Vec<String>>,
    /// The same, by number.
    #[schema(rename = "customerID")]
    customer_id: Option<Vec<i64>>,
    /// Functions and roles, by number or name, with what they imply.
    function: Option<Vec<String>>,
    /// The same, by number.
    #[schema(rename = "functionID")]
    function_id: Option<Vec<i64>>,
    /// Whether it may change nothing.
    read_only: Option<bool>,
}

/// Starts it, with a token, a key and a cookie of its own, as a sign-in does.
///
/// # Errors
/// 401; 403 unless the caller is a session of the user's own; 412 for what names nothing.
#[utoipa::path(post, path = "/authentication/v1/session/constrain", request_body = ConstrainedSessionRequest,
    responses((status = 200, description = "The narrower session.", body = Envelope<StartedSession>), ArgusError))]
pub async fn post(State(idp): State<Idp>, mut parts: Parts, body: JsonBody) -> Result<Reply, ArgusError> {
    let (caller, standing) = Caller::beside(&mut parts, &idp, Intent::Leave, None).await?;
    let (Credential::Session(parent), Some(session)) = (&caller.credential, &standing.session) else {
        return Err(ArgusError::Denied);
    };
    let mut fields = body.fields();
    let asked = read_constraints(&mut fields);
    fields.finish()?;
    let domain = caller.domain;
    let constraints = read!(idp.database.connections(), |c| lookup::constraints(c, domain, &asked))?;
    let constraints = constraints.map_err(|list| ArgusError::field(list, "names nothing, or is an empty list"))?;
    let narrowing = Narrowing {
        parent: *parent,
        ancestors: session.ancestors.clone(),
        bounds: session.bounds.clone(),
        constraints,
        authenticated_at: session.authenticated_at,
    };
    let id = idp.new_id();
    let token = idp.tokens.fresh(Kind::Session, id, 1, idp.entropy.as_ref());
    let command = SessionCommand::StartConstrained { sign_in: copied(session, token.hash(), idp.now()), narrowing };
    idp.store.create::<Session>(id, command, &caller.context).await?;
    let text = argus_form(&caller.user_name, &idp.tokens.encode(&token));
    let cookie = cookies::set(&idp, cookies::SESSION, &text);
    Ok(Reply::ok(StartedSession::new(&idp, SessionId::new(id), text)).with_cookie(cookie))
}

/// The same sign-in once more: same user, address and end.
fn copied(session: &SessionRow, token: TokenHash, now: Timestamp) -> SignIn {
    SignIn {
        user: session.user_id,
        user_epoch: session.user_epoch,
        method: session.method,
        token,
        address: session.address.clone(),
        must_change_password: session.must_change_password,
        now,
        valid_until: session.valid_until,
    }
}
