//! Who calls an Argus endpoint: an API key, a session, or a delegated token, with the rights that it has at this moment.
//!
//! `Argus-API-Key: 1ab/2c/secret`, `Authorization: Bearer username/opaque` (an access token or a session token), or the cookie
//! `argus_session`. A cookie alone changes nothing: that needs the `Argus-Csrf-Token` as well.

use super::{ArgusError, Forwarded, Idp, RequestId, bearer, client_authentication::sha256_hex, cookies};
use crate::{
    event_store::{Actor, Context},
    keys::is_csrf_token,
    read,
    tokens::{Presented, address_rule, address_rule::is_signed_in_here},
};
use aggregates::ids::{DomainId, GrantId, SessionId, UserId};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{extract::FromRequestParts, http::request::Parts};
use projections::{
    accounts::{self, KeyOwner},
    rights::Rights,
    standing::{self, NamedClient, Standing, Subject},
};

/// How the caller proved who they are.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A script's API key.
    ApiKey {
        /// It may not change anything.
        read_only: bool,
    },
    /// A sign-in of the user's own.
    Session(SessionId),
    /// A token that was delegated to a client.
    Delegated(GrantId),
}

/// A caller whose credential works now.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user.
    pub user: UserId,
    /// The user's domain.
    pub domain: DomainId,
    /// The name to sign in with.
    pub user_name: String,
    /// What the caller may do: the user's permissions, narrowed to what was delegated.
    pub rights: Rights,
    /// By what.
    pub credential: Credential,
    /// What is recorded beside each event that the caller causes.
    pub context: Context,
}

/// Whether a request is about to change something. Each handler says so with its extractor; the method does not tell, as a
/// search is a POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// It only asks.
    Ask,
    /// It changes something: not by a read-only credential, and not by a cookie without its CSRF token.
    Change,
}

/// Extracts the caller of a handler that only asks.
pub struct Asking(pub Caller);

/// Extracts the caller of a handler that changes something.
pub struct Changing(pub Caller);

impl FromRequestParts<Idp> for Asking {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, idp: &Idp) -> Result<Self, ArgusError> {
        Caller::beside(parts, idp, Intent::Ask, None).await.map(|(caller, _)| Self(caller))
    }
}

impl FromRequestParts<Idp> for Changing {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, idp: &Idp) -> Result<Self, ArgusError> {
        Caller::beside(parts, idp, Intent::Change, None).await.map(|(caller, _)| Self(caller))
    }
}

impl Caller {
    /// The caller, and from the same round trip how things stand with the caller's session or grant and with `client`, if one is
    /// named. An API key has no such standing.
    ///
    /// # Errors
    /// 401 when nobody is proven; 403 when the credential may not do what is intended; 503.
    pub async fn beside(
        parts: &mut Parts,
        idp: &Idp,
        intent: Intent,
        client: Option<NamedClient<'_>>,
    ) -> Result<(Self, Standing), ArgusError> {
        let forwarded = Forwarded::from_request_parts(parts, idp).await.map_err(|_| ArgusError::NotAuthenticated)?;
        let Ok(id) = RequestId::from_request_parts(parts, idp).await;
        let request = Request { idp, forwarded, id, parts, intent, client };
        let headers = &request.parts.headers;
        let bearer = bearer::token(headers).map_err(|_| ArgusError::NotAuthenticated)?;
        let mut keys = headers.get_all("argus-api-key").iter();
        if let Some(key) = keys.next() {
            if keys.next().is_some() || bearer.is_some() {
                return Err(ArgusError::NotAuthenticated);
            }
            let caller = request.by_api_key(key.to_str().map_err(|_| ArgusError::NotAuthenticated)?).await?;
            return Ok((caller, Standing::default()));
        }
        if let Some(token) = bearer {
            return match Presented::<GrantId>::access(&idp.tokens, token) {
                Some(presented) => request.by_access_token(presented).await,
                None => request.by_session(Presented::<SessionId>::session(&idp.tokens, token)).await,
            };
        }
        let cookie = cookies::find(&request.parts.headers, cookies::SESSION).ok_or(ArgusError::NotAuthenticated)?;
        let presented = Presented::<SessionId>::session(&idp.tokens, cookie);
        request.by_cookie(presented).await
    }
}

struct Request<'a> {
    idp: &'a Idp,
    forwarded: Forwarded,
    id: RequestId,
    parts: &'a Parts,
    intent: Intent,
    client: Option<NamedClient<'a>>,
}

type CallerStanding = Result<(Caller, Standing), ArgusError>;

impl Request<'_> {
    async fn by_api_key(&self, text: &str) -> Result<Caller, ArgusError> {
        let (prefix, secret) = text.rsplit_once('/').ok_or(ArgusError::NotAuthenticated)?;
        let found = read!(self.idp.database.connections(), |c| accounts::find_by_api_key(c, prefix))?;
        let owner = found.filter(|owner| self.accepts(owner, secret)).ok_or(ArgusError::NotAuthenticated)?;
        if owner.read_only && self.intent == Intent::Change {
            return Err(ArgusError::Denied);
        }
        let address =
            self.idp.seal_address(Some(owner.account.id), owner.personal_key.as_deref(), self.forwarded.caller.0);
        Ok(Caller {
            user: owner.account.id,
            domain: owner.account.domain_id,
            user_name: owner.account.user_name,
            rights: Rights { user: owner.account.id, scope: None, customer: None },
            credential: Credential::ApiKey { read_only: owner.read_only },
            context: self.idp.context(&self.id, Actor::User(owner.account.id), address),
        })
    }

    /// The secret, the owner, the time and the place, all of them.
    fn accepts(&self, owner: &KeyOwner, secret: &str) -> bool {
        let known = verify_slices_are_equal(sha256_hex(secret).as_bytes(), owner.secret_hash.as_bytes()).is_ok();
        let here =
            owner.sources.is_empty() || owner.sources.iter().any(|source| source.contains(&self.forwarded.caller.0));
        known && here && owner.account.active && !owner.revoked && self.idp.now() < owner.expires_at
    }

    async fn by_access_token(&self, presented: Presented<GrantId>) -> CallerStanding {
        let standing = self.standing(Subject { grant: Some(presented.id), ..Subject::default() }).await?;
        let live = presented.live(&standing, self.idp.now())?.ok_or(ArgusError::NotAuthenticated)?;
        if !address_rule::allows(self.idp, &standing, &live, self.forwarded) {
            return Err(ArgusError::NotAuthenticated);
        }
        let definition = &live.passed.client.definition;
        let rights =
            Rights { user: live.grant.user, scope: Some(definition.permission_scope), customer: definition.customer };
        let caller = self.caller(&standing, rights, Credential::Delegated(presented.id))?;
        Ok((caller, standing))
    }

    async fn by_cookie(&self, presented: Option<Presented<SessionId>>) -> CallerStanding {
        let session = presented.as_ref().map(|presented| presented.id).ok_or(ArgusError::NotAuthenticated)?;
        let found = self.by_session(presented).await?;
        if self.intent == Intent::Change {
            let token =
                self.parts.headers.get("argus-csrf-token").and_then(|token| token.to_str().ok()).unwrap_or_default();
            let url = self.idp.url(self.parts.uri.path());
            if !is_csrf_token(token, &self.idp.keys.csrf_key(session), &url, self.idp.now()) {
                return Err(ArgusError::Denied);
            }
        }
        Ok(found)
    }

    async fn by_session(&self, presented: Option<Presented<SessionId>>) -> CallerStanding {
        let presented = presented.ok_or(ArgusError::NotAuthenticated)?;
        let standing =
            self.standing(Subject { client: self.client, session: Some(presented.id), ..Subject::default() }).await?;
        let must_change = standing.session.as_ref().is_none_or(|session| session.must_change_password);
        if !is_signed_in_here(self.idp, &presented, &standing, self.forwarded.caller) || must_change {
            return Err(ArgusError::NotAuthenticated);
        }
        let user = standing.user.as_ref().ok_or(ArgusError::NotAuthenticated)?.id;
        let rights = Rights { user, scope: None, customer: None };
        let caller = self.caller(&standing, rights, Credential::Session(presented.id))?;
        Ok((caller, standing))
    }

    async fn standing(&self, subject: Subject<'_>) -> Result<Standing, ArgusError> {
        Ok(read!(self.idp.database.connections(), |c| standing::find(c, subject))?)
    }

    fn caller(&self, standing: &Standing, rights: Rights, credential: Credential) -> Result<Caller, ArgusError> {
        let user = standing.user.as_ref().ok_or(ArgusError::NotAuthenticated)?;
        let address = self.idp.seal_address(Some(user.id), standing.personal_key.as_deref(), self.forwarded.caller.0);
        Ok(Caller {
            user: user.id,
            domain: user.domain_id,
            user_name: user.user_name.clone().ok_or(ArgusError::NotAuthenticated)?,
            rights,
            credential,
            context: self.idp.context(&self.id, Actor::User(user.id), address),
        })
    }
}
