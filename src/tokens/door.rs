//! The one door: every code and every token passes it, at its issue, at each refresh and at each use.
//!
//! An [`AuthorizedGrant`] can only be made here. It says that, at this moment, the user is active, the session or the API key alive,
//! the client alive and open to that way of using it, nothing of them was revoked since the grant was made, and the user holds the
//! client's required function for the client's customer, within what narrows the session or the key.

use aggregates::{
    grant::{Basis, Epochs, Grant, Holder, Refusal},
    session::AuthenticationMethod,
    values::{IpRange, Scope, Timestamp},
};
use projections::{
    sessions::SessionRow,
    standing::{Standing, StandingApiKey, StandingClient, StandingUser},
};
use std::collections::BTreeSet;

/// Proof that the full check was passed. Borrowed from how things stand, so it cannot outlive the request.
pub struct AuthorizedGrant<'a> {
    /// The client that may act.
    pub client: &'a StandingClient,
    /// The user it may act for.
    pub user: &'a StandingUser,
    basis: Basis,
}

impl<'a> AuthorizedGrant<'a> {
    /// The full check, for an authorization that begins now in a session.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn in_session(standing: &'a Standing, now: Timestamp) -> Result<(Self, &'a SessionRow), Refusal> {
        let client = active(standing)?;
        let session = standing.session.as_ref().filter(|session| session.alive_at(now)).ok_or(Refusal::SessionOver)?;
        let user = standing.user.as_ref().filter(|user| user.active).ok_or(Refusal::UserNotActive)?;
        if session.user_epoch != user.epoch {
            return Err(Refusal::SessionOver);
        }
        if session.must_change_password {
            return Err(Refusal::PasswordChangeRequired);
        }
        let passed = Self::holding(standing, (client, user), (session.method, session.authenticated_at))?;
        Ok((passed, session))
    }

    /// The full check, for a script that comes now with an API key. Whether it knows the key's secret is for the caller to find out.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn by_script(standing: &'a Standing, now: Timestamp) -> Result<(Self, &'a StandingApiKey), Refusal> {
        let client = active(standing)?;
        let key = standing.api_key.as_ref().filter(|key| key.alive_at(now)).ok_or(Refusal::ApiKeyNotValid)?;
        let user = standing.user.as_ref().filter(|user| user.active).ok_or(Refusal::UserNotActive)?;
        if !client.definition.client_credentials {
            return Err(Refusal::ScriptsNotPermitted);
        }
        let passed = Self::holding(standing, (client, user), (AuthenticationMethod::ApiKey, now))?;
        Ok((passed, key))
    }

    /// The full check, for a grant that was made before: nothing that it was decided on may have been revoked since.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn check_again(standing: &'a Standing, grant: &Grant, now: Timestamp) -> Result<Self, Refusal> {
        let passed = match &grant.holder {
            Holder::Session(id) => match Self::in_session(standing, now)? {
                (passed, session) if session.id == *id => passed,
                _ => return Err(Refusal::SessionOver),
            },
            Holder::ApiKey(prefix) => match Self::by_script(standing, now)? {
                (passed, key) if key.prefix == *prefix => passed,
                _ => return Err(Refusal::ApiKeyNotValid),
            },
        };
        let epochs = passed.epochs();
        if passed.client.id != grant.client {
            return Err(Refusal::AnotherClient);
        }
        if epochs.client != grant.epochs.client {
            return Err(Refusal::ClientNotActive);
        }
        if epochs.user != grant.epochs.user || passed.user.id != grant.user {
            return Err(Refusal::SessionOver);
        }
        Ok(passed)
    }

    fn holding(
        standing: &Standing,
        (client, user): (&'a StandingClient, &'a StandingUser),
        (method, authenticated_at): (AuthenticationMethod, Timestamp),
    ) -> Result<Self, Refusal> {
        let basis = Basis {
            client_version: client.version,
            customer: client.definition.customer,
            required_function: client.definition.required_function,
            held_by: standing.held_by.ok_or(Refusal::FunctionNotHeld)?,
            functions: standing.functions.clone(),
            range: None,
            method,
            authenticated_at,
        };
        Ok(Self { client, user, basis })
    }

    /// Those of the granted scopes that the client is permitted now.
    #[must_use]
    pub fn permitted(&self, granted: &BTreeSet<Scope>) -> BTreeSet<Scope> {
        let permitted = &self.client.definition.permitted_scopes;
        granted.iter().filter(|scope| permitted.permit(scope)).cloned().collect()
    }

    /// What it was decided on, with the address range that let the caller in.
    #[must_use]
    pub fn basis(&self, range: Option<IpRange>) -> Basis {
        Basis { range, ..self.basis.clone() }
    }

    /// What must stay as it is for the grant to live.
    #[must_use]
    pub fn epochs(&self) -> Epochs {
        Epochs { user: self.user.epoch, client: self.client.epoch }
    }
}

fn active(standing: &Standing) -> Result<&StandingClient, Refusal> {
    standing.client.as_ref().filter(|client| client.is_active()).ok_or(Refusal::ClientNotActive)
}
