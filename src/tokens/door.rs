//! The one door: every code and every token passes it, at its issue, at each refresh and at each use.
//!
//! An [`AuthorizedGrant`] can only be made here. It says that, at this moment, the user is active, the session alive, the
//! client alive, nothing of them was revoked since the grant was made, and the user holds the client's required function for
//! the client's customer.

use aggregates::{
    grant::{Basis, Epochs, Grant, Refusal},
    values::{IpRange, Scope, Timestamp},
};
use projections::{
    sessions::SessionRow,
    standing::{Standing, StandingClient, StandingUser},
};
use std::collections::BTreeSet;

/// Proof that the full check was passed. Borrowed from how things stand, so it cannot outlive the request.
pub struct AuthorizedGrant<'a> {
    /// The client that may act.
    pub client: &'a StandingClient,
    /// The user it may act for.
    pub user: &'a StandingUser,
    /// The session in which the user authorized it.
    pub session: &'a SessionRow,
    basis: Basis,
}

impl<'a> AuthorizedGrant<'a> {
    /// The full check, for an authorization that begins now.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn check(standing: &'a Standing, now: Timestamp) -> Result<Self, Refusal> {
        let client = standing.client.as_ref().filter(|client| !client.deleted).ok_or(Refusal::ClientNotActive)?;
        let session = standing.session.as_ref().filter(|session| session.alive_at(now)).ok_or(Refusal::SessionOver)?;
        let user = standing.user.as_ref().filter(|user| user.active).ok_or(Refusal::UserNotActive)?;
        if session.user_epoch != user.epoch {
            return Err(Refusal::SessionOver);
        }
        if session.must_change_password {
            return Err(Refusal::PasswordChangeRequired);
        }
        let held_by = standing.held_by.ok_or(Refusal::FunctionNotHeld)?;
        let basis = Basis {
            client_version: client.version,
            customer: client.definition.customer,
            required_function: client.definition.required_function,
            held_by,
            range: None,
            method: session.method,
            authenticated_at: session.authenticated_at,
        };
        Ok(Self { client, user, session, basis })
    }

    /// The full check, for a grant that was made before: nothing that it was decided on may have been revoked since.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn check_again(standing: &'a Standing, grant: &Grant, now: Timestamp) -> Result<Self, Refusal> {
        let passed = Self::check(standing, now)?;
        let epochs = passed.epochs();
        if passed.client.id != grant.client {
            return Err(Refusal::AnotherClient);
        }
        if epochs.client != grant.epochs.client {
            return Err(Refusal::ClientNotActive);
        }
        if epochs.user != grant.epochs.user || passed.session.id != grant.session {
            return Err(Refusal::SessionOver);
        }
        Ok(passed)
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
