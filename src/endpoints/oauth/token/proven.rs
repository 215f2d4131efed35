//! The first step of every grant type: which client is this, and how do things stand with what it presents?

use super::TokenRequest;
use crate::{
    event_store::{Actor, Context, ExecuteError, Loaded},
    http::{OAuthError, api_key::PresentedApiKey, client_authentication::NotProven},
    tokens::{AuthorizedGrant, parse_scopes, presented::grant_of, refusals},
};
use aggregates::{
    client::ClientAuthentication,
    grant::{Basis, Grant, GrantError, Refusal},
    ids::GrantId,
    values::{AccessTokenFormat, IpRange, Scope, Seconds, Timestamp},
};
use projections::{
    guard::Guard,
    standing::{Standing, StandingClient, Subject},
};
use std::collections::BTreeSet;

/// A request whose client is proven.
pub(super) struct Proven {
    pub(super) request: TokenRequest,
    pub(super) standing: Standing,
    pub(super) client: StandingClient,
    pub(super) range: Option<IpRange>,
    pub(super) now: Timestamp,
    step: &'static str,
}

impl TokenRequest {
    /// Reads how things stand, in the request's first round trip, and proves the client.
    ///
    /// # Errors
    /// `invalid_client`, the same for an unknown, deleted, misplaced and unauthenticated one; what names a real client is recorded.
    pub(super) async fn proven(self, grant: Option<GrantId>, step: &'static str) -> Result<Proven, OAuthError> {
        let idp = self.idp.clone();
        let now = idp.now();
        let subject =
            Subject { client: Some(idp.named(&self.presented.id)), grant, claims: true, ..Subject::default() };
        let standing = idp.standings.find(subject).await?;
        let Some(client) = standing.client.clone() else {
            idp.metrics.count(|metrics| &metrics.unknown_clients);
            return Err(OAuthError::InvalidClient);
        };
        match self.presented.prove(&idp, &client, self.forwarded.caller).await {
            Ok(range) => Ok(Proven { request: self, standing, client, range: Some(range), now, step }),
            Err(NotProven::Busy) => Err(OAuthError::Unavailable),
            Err(NotProven::Refused(reason)) => {
                let context = self.idp.context_of(&self.id, &standing, self.forwarded.caller);
                self.remember(&context, &standing, (step, reason)).await;
                Err(OAuthError::InvalidClient)
            }
        }
    }

    /// The same for a script: its API key is what is proven, before a client secret that it gives costs anything.
    ///
    /// # Errors
    /// `invalid_client`, the same for whatever is wrong; what names a real client and a real key is recorded.
    pub(super) async fn by_script(self, key: &PresentedApiKey<'_>) -> Result<Proven, OAuthError> {
        let (idp, now, step) = (self.idp.clone(), self.idp.now(), "client_credentials");
        let named = Some(idp.named(&self.presented.id));
        let subject = Subject { client: named, api_key: Some(key.prefix), claims: true, ..Subject::default() };
        let standing = idp.standings.find(subject).await?;
        let Some(client) = standing.client.clone() else {
            idp.metrics.count(|metrics| &metrics.unknown_clients);
            return Err(OAuthError::InvalidClient);
        };
        let Some(known) = &standing.api_key else {
            idp.metrics.count(|metrics| &metrics.junk_tokens);
            return Err(OAuthError::InvalidClient);
        };
        let reason = if !key.opens(known, self.forwarded.caller, now) {
            Refusal::ApiKeyNotValid
        } else {
            match self.presented.prove_secret(&idp, &client).await {
                Ok(()) => return Ok(Proven { request: self, standing, client, range: None, now, step }),
                Err(NotProven::Busy) => return Err(OAuthError::Unavailable),
                Err(NotProven::Refused(reason)) => reason,
            }
        };
        self.remember(&self.stranger(&standing), &standing, (step, reason)).await;
        Err(OAuthError::InvalidClient)
    }

    /// What is recorded beside a refusal of somebody who did not prove to be the one that the key belongs to.
    fn stranger(&self, standing: &Standing) -> Context {
        let owner = standing.user.as_ref().map(|user| user.id);
        let address = self.idp.seal_address(owner, standing.personal_key.as_deref(), self.forwarded.caller.0);
        self.idp.context(&self.id, Actor::Anonymous, address)
    }

    /// The scopes that it asks for, as far as they can be read.
    fn asked(&self) -> BTreeSet<Scope> {
        parse_scopes(self.form.get("scope").unwrap_or_default()).unwrap_or_default()
    }

    async fn remember(&self, context: &Context, standing: &Standing, (step, reason): (&'static str, Refusal)) {
        let refusal = refusals::AtClient { scopes: self.asked(), ..refusals::AtClient::new(step, reason) };
        refusals::remember(&self.idp, context, standing, refusal).await;
    }
}

impl Proven {
    /// What is recorded beside the events of this request.
    pub(super) fn context(&self) -> Context {
        self.request.idp.context_of(&self.request.id, &self.standing, self.request.forwarded.caller)
    }

    /// The grant that the request names, as it was read.
    ///
    /// # Errors
    /// `invalid_grant` when it has no events; 503 when they cannot be read.
    pub(super) async fn grant(&self, id: GrantId) -> Result<Loaded<Grant>, OAuthError> {
        match grant_of(&self.standing, id)? {
            Some(grant) => Ok(grant),
            None => Err(self.unknown(Some(id)).await),
        }
    }

    /// What the door says about this grant now.
    pub(super) fn door(&self, grant: &Grant) -> Result<Basis, Refusal> {
        AuthorizedGrant::check_again(&self.standing, grant, self.now).map(|passed| passed.basis(self.range))
    }

    /// The same for a code, which went to a redirect URI that must still be the client's own.
    pub(super) fn door_for_code(&self, grant: &Grant) -> Result<Basis, Refusal> {
        let own = grant.redirect_uri.as_ref().is_some_and(|uri| self.client.definition.redirect_uris.contains(uri));
        if own { self.door(grant) } else { Err(Refusal::InvalidGrant) }
    }

    /// How long an access token of this client lives.
    pub(super) fn access_lifetime(&self) -> Seconds {
        self.request.idp.config.lifetimes.of_access(self.client.definition.access_token_format)
    }

    /// What must still hold when a token is recorded that others will believe without asking.
    pub(super) fn guard(&self) -> Option<Guard> {
        match self.client.definition.access_token_format {
            AccessTokenFormat::Jwt => Guard::of(&self.standing),
            AccessTokenFormat::Argus => None,
        }
    }

    /// Whether the client can keep a secret.
    pub(super) fn is_confidential(&self) -> bool {
        self.client.definition.authentication != ClientAuthentication::None
    }

    /// Whether an API key stands for the client's own proof: who may not use it is not authenticated.
    fn is_script(&self) -> bool {
        self.standing.api_key.is_some()
    }

    /// Records a code or token that is none, and gives the answer.
    pub(super) async fn unknown(&self, grant: Option<GrantId>) -> OAuthError {
        self.refuse(grant, Refusal::InvalidGrant, GrantError::Unknown.condition()).await
    }

    /// Records a refusal of this proven client and gives its answer.
    pub(super) async fn refuse(
        &self,
        grant: Option<GrantId>,
        reason: Refusal,
        condition: Option<String>,
    ) -> OAuthError {
        let (scopes, range) = (self.request.asked(), self.range);
        let refusal =
            refusals::AtClient { grant, scopes, range, condition, ..refusals::AtClient::new(self.step, reason) };
        refusals::remember(&self.request.idp, &self.context(), &self.standing, refusal).await;
        match reason {
            Refusal::InvalidScope => OAuthError::InvalidScope,
            Refusal::ScriptsNotPermitted => OAuthError::UnauthorizedClient,
            Refusal::ClientNotActive | Refusal::UserNotActive if self.is_script() => OAuthError::InvalidClient,
            _ => OAuthError::InvalidGrant,
        }
    }

    /// The answer to a command that was not carried out.
    pub(super) async fn failed(&self, grant: GrantId, error: ExecuteError<GrantError>) -> OAuthError {
        match error {
            ExecuteError::Refused(rule) => self.refuse(Some(grant), rule.refusal(), rule.condition()).await,
            ExecuteError::Overtaken => {
                let condition = "something that it was decided on was revoked at the same moment".to_owned();
                self.refuse(Some(grant), Refusal::InvalidGrant, Some(condition)).await
            }
            ExecuteError::Conflict | ExecuteError::Unexplained => OAuthError::Unavailable,
            ExecuteError::Storage(cause) => cause.into(),
        }
    }
}
