//! Who calls an Argus endpoint: an API key, a session, or a delegated token, with the rights that it has at this moment.
//!
//! `Argus-API-Key: 1ab/2c/secret`, `Authorization: Bearer username/opaque` (an access token or a session token), or the cookie
//! `argus_session`. A cookie alone changes nothing: that needs the `Argus-Csrf-Token` as well.

use super::{
    ArgusError, Forwarded, Idp, RequestId,
    api_key::PresentedApiKey,
    bearer, cookies, reason,
    refused_calls::{self, Proven, Seen, call},
};
use crate::{
    event_store::{Actor, Context},
    keys::is_csrf_token,
    read,
    tokens::{
        Presented, address_rule,
        address_rule::{Visit, is_signed_in_here},
    },
};
use aggregates::{
    ids::{DomainId, GrantId, SessionId, UserId},
    session::CallRefusal,
    values::{ApiKeyPrefix, SecurityLevel},
};
use axum::{extract::FromRequestParts, http::request::Parts};
use projections::{
    accounts,
    audit::Visible,
    rights::Rights,
    standing::{NamedClient, Standing, Subject},
};

/// How the caller proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A script's API key.
    ApiKey(ApiKeyPrefix),
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
    /// What the caller may do: the user's permissions, within what was delegated and what constrains the session or the key.
    pub rights: Rights,
    /// How far the caller is trusted: what was delegated to a client never more than the client's cap.
    pub level: SecurityLevel,
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
    /// It ends the caller's own credential or makes a narrower one, which a read-only one may as well.
    Leave,
}

/// Extracts the caller of a handler that only asks.
pub struct Asking(pub Caller);

/// Extracts the caller of a handler that changes something, with the reason that was given (`Argus-Reason`).
pub struct Changing(pub Caller);

/// Extracts the caller of a handler that ends the caller's own credential.
pub struct Leaving(pub Caller);

impl FromRequestParts<Idp> for Asking {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, idp: &Idp) -> Result<Self, ArgusError> {
        Caller::beside(parts, idp, Intent::Ask, None).await.map(|(caller, _)| Self(caller))
    }
}

impl FromRequestParts<Idp> for Changing {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, idp: &Idp) -> Result<Self, ArgusError> {
        let (mut caller, _) = Caller::beside(parts, idp, Intent::Change, None).await?;
        caller.context.reason = reason::given(&parts.headers)?.map(String::from);
        Ok(Self(caller))
    }
}

impl FromRequestParts<Idp> for Leaving {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, idp: &Idp) -> Result<Self, ArgusError> {
        Caller::beside(parts, idp, Intent::Leave, None).await.map(|(caller, _)| Self(caller))
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
        let found = request.credential().await?;
        if intent == Intent::Change && found.0.rights.is_read_only() {
            return Err(ArgusError::Denied);
        }
        Ok(found)
    }

    /// What is recorded beside a change to what is the caller's own (a credential, a picture): that it is, unless a reason was given.
    #[must_use]
    pub fn own_context(&self) -> Context {
        self.context.explained("the user's own")
    }

    /// 403 unless the user is here themselves, with all that they may do: nothing delegated, nothing narrowed, at a level of
    /// their own. For what would outlive the credential, like another credential.
    ///
    /// # Errors
    /// 403.
    pub fn in_person(&self) -> Result<(), ArgusError> {
        let own = matches!(self.credential, Credential::ApiKey(_) | Credential::Session(_));
        if own && self.rights.are_whole() { Ok(()) } else { Err(ArgusError::Denied) }
    }

    /// What the caller sees of the audit trail.
    ///
    /// # Errors
    /// 403 when that is nothing; 503.
    pub async fn visible_entries(&self, idp: &Idp) -> Result<Visible, ArgusError> {
        let visible = read!(idp.database.connections(), |c| Visible::to(c, &self.rights, self.domain))?;
        visible.ok_or(ArgusError::Denied)
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
    /// The one credential of the request.
    async fn credential(&self) -> CallerStanding {
        let headers = &self.parts.headers;
        let bearer = bearer::token(headers).map_err(|_| ArgusError::NotAuthenticated)?;
        let key = PresentedApiKey::read(headers).map_err(|_| ArgusError::NotAuthenticated)?;
        match (key, bearer) {
            (Some(_), Some(_)) => Err(ArgusError::NotAuthenticated),
            (Some(key), None) => Ok((self.by_api_key(&key).await?, Standing::default())),
            (None, Some(token)) => match Presented::<GrantId>::access(self.idp, token) {
                Some(presented) => self.by_access_token(presented).await,
                None => self.by_session(Presented::<SessionId>::session(&self.idp.tokens, token)).await,
            },
            (None, None) => {
                let cookie = cookies::find(headers, cookies::SESSION).ok_or(ArgusError::NotAuthenticated)?;
                self.by_cookie(Presented::<SessionId>::session(&self.idp.tokens, cookie)).await
            }
        }
    }

    async fn by_api_key(&self, presented: &PresentedApiKey<'_>) -> Result<Caller, ArgusError> {
        let prefix = presented.prefix;
        let found = read!(self.idp.database.connections(), |c| accounts::find_by_api_key(c, prefix))?;
        let owner = found.ok_or(ArgusError::NotAuthenticated)?;
        if !owner.account.active || !presented.is_alive(&owner.key, self.idp.now()) {
            return Err(ArgusError::NotAuthenticated);
        }
        let account = owner.account;
        let address = self.idp.seal_address(Some(account.id), owner.personal_key.as_deref(), self.forwarded.caller.0);
        if !owner.key.admits(self.forwarded.caller.0) {
            let context = self.idp.context(&self.id, Actor::Anonymous, address);
            let proven = Proven { user: account.id, credential: Credential::ApiKey(owner.key.prefix), context };
            refused_calls::remember_later(self.idp, proven, (CallRefusal::AddressNotTheKeys, self.call()));
            return Err(ArgusError::NotAuthenticated);
        }
        self.idp.api_key_uses.note(&owner.key.prefix, self.idp.now(), &address);
        Ok(self.noted(Caller {
            user: account.id,
            domain: account.domain_id,
            user_name: account.user_name,
            rights: Rights::of(account.id).within(owner.key.constraints),
            level: SecurityLevel::Standard,
            credential: Credential::ApiKey(owner.key.prefix),
            context: self.idp.context(&self.id, Actor::User(account.id), address),
        }))
    }

    async fn by_access_token(&self, presented: Presented<GrantId>) -> CallerStanding {
        let standing = self.standing(Subject { grant: Some(presented.id), ..Subject::default() }).await?;
        let admitted = address_rule::admit(self.idp, &self.id, &presented, &standing, self.forwarded.into())?;
        let live = admitted.ok_or(ArgusError::NotAuthenticated)?;
        let definition = &live.passed.client.definition;
        let rights = standing.rights_of(live.grant.user).delegated(definition.permission_scope, definition.customer);
        let level = definition.max_security_level.min(SecurityLevel::Standard);
        let caller = self.caller(&standing, (rights, level), Credential::Delegated(presented.id))?;
        Ok((caller, standing))
    }

    async fn by_cookie(&self, presented: Option<Presented<SessionId>>) -> CallerStanding {
        let session = presented.as_ref().map(|presented| presented.id).ok_or(ArgusError::NotAuthenticated)?;
        let found = self.by_session(presented).await?;
        if self.intent != Intent::Ask {
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
        let visit = Visit { caller: self.forwarded.caller, request: &self.id, call: self.call() };
        if !is_signed_in_here(self.idp, &presented, &standing, visit) || must_change {
            return Err(ArgusError::NotAuthenticated);
        }
        let user = standing.user.as_ref().ok_or(ArgusError::NotAuthenticated)?.id;
        let rights = standing.rights_of(user);
        let caller = self.caller(&standing, (rights, SecurityLevel::Standard), Credential::Session(presented.id))?;
        Ok((caller, standing))
    }

    async fn standing(&self, subject: Subject<'_>) -> Result<Standing, ArgusError> {
        Ok(self.idp.standings.find(subject).await?)
    }

    fn caller(
        &self,
        standing: &Standing,
        (rights, level): (Rights, SecurityLevel),
        credential: Credential,
    ) -> Result<Caller, ArgusError> {
        let user = standing.user.as_ref().ok_or(ArgusError::NotAuthenticated)?;
        let address = self.idp.seal_address(Some(user.id), standing.personal_key.as_deref(), self.forwarded.caller.0);
        Ok(self.noted(Caller {
            user: user.id,
            domain: user.domain_id,
            user_name: user.user_name.clone().ok_or(ArgusError::NotAuthenticated)?,
            rights,
            level,
            credential,
            context: self.idp.context(&self.id, Actor::User(user.id), address),
        }))
    }

    /// From here on what is not permitted has somebody who was not permitted it.
    fn noted(&self, caller: Caller) -> Caller {
        Seen::note(&self.parts.extensions, || Proven {
            user: caller.user,
            credential: caller.credential.clone(),
            context: caller.context.clone(),
        });
        caller
    }

    fn call(&self) -> String {
        call(&self.parts.method, &self.parts.extensions)
    }
}
