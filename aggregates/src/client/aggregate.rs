//! The rules of a client.

use super::{Author, ClientAuthentication, ClientCommand, ClientError, ClientEvent, Definition, Facts};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, iter::zip};

/// An OAuth client's present definition.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Where it is in its life.
    pub state: State,
    /// How often all earlier grants were ended; a grant of an earlier epoch is void.
    pub epoch: u32,
}

/// Where a client is in its life.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Not defined yet.
    #[default]
    NotStarted,
    /// In use.
    Active(Box<Definition>),
    /// Ended; this is what it was last.
    Deleted(Box<Definition>),
}

aggregate!(Client, "client", ClientCommand, ClientEvent, ClientError);

impl Client {
    /// What the client is, while it is in use.
    #[must_use]
    pub fn definition(&self) -> Option<&Definition> {
        if let State::Active(definition) = &self.state { Some(definition) } else { None }
    }

    /// Decides a command; the events are complete before any of them is applied.
    ///
    /// # Errors
    /// The first rule that the command breaks. Rights come before everything else, so that nobody learns more from a refusal
    /// than that the right is missing; they are asked for even if nothing would change.
    pub fn decide(&self, command: ClientCommand) -> Result<Vec<ClientEvent>, ClientError> {
        match (command, &self.state) {
            (ClientCommand::Define { definition, facts }, State::NotStarted) => {
                facts.allow(&definition)?;
                facts.short_name_is_free()?;
                definition.check()?;
                let disabled = definition.disabled.then_some(ClientEvent::Disabled {});
                let definition = Box::new(Definition { disabled: false, ..*definition });
                Ok([ClientEvent::Defined { definition }].into_iter().chain(disabled).collect())
            }
            (ClientCommand::Define { .. }, _) => Err(ClientError::AlreadyDefined),
            (ClientCommand::Redefine { definition, facts }, State::Active(present)) => {
                present.redefined(&definition, &facts)
            }
            (ClientCommand::Restore { to_version, definition, facts }, State::Active(present)) => {
                let changes = present.redefined(&definition.kept_by(present), &facts)?;
                if changes.is_empty() {
                    return Err(ClientError::NothingToRestore);
                }
                Ok([ClientEvent::Restored { to_version }].into_iter().chain(changes).collect())
            }
            (ClientCommand::Delete, State::Active(_)) => Ok(vec![ClientEvent::Deleted {}]),
            (ClientCommand::Redefine { .. } | ClientCommand::Restore { .. } | ClientCommand::Delete, _) => {
                Err(ClientError::Unknown)
            }
        }
    }

    fn evolve(&mut self, event: ClientEvent) {
        if let ClientEvent::AuthenticationChanged { .. } | ClientEvent::Disabled {} | ClientEvent::Deleted {} = event {
            self.epoch = self.epoch.saturating_add(1);
        }
        self.state = match (std::mem::take(&mut self.state), event) {
            (_, ClientEvent::Defined { definition }) => State::Active(definition),
            (State::Active(definition), ClientEvent::Deleted {}) => State::Deleted(definition),
            (State::Active(mut definition), event) => {
                definition.assign(event);
                State::Active(definition)
            }
            (state, _) => state,
        };
    }
}

impl Facts {
    /// Nobody can give what they do not hold.
    fn allow(&self, definition: &Definition) -> Result<(), ClientError> {
        match &self.author {
            Author::Operator => Ok(()),
            Author::User { may_hand_out, .. } if !may_hand_out.contains(&definition.permission_scope) => {
                Err(ClientError::ScopeNotHeld)
            }
            Author::User { level, .. } if definition.max_security_level > *level => Err(ClientError::LevelNotHeld),
            Author::User { .. } => Ok(()),
        }
    }

    fn short_name_is_free(&self) -> Result<(), ClientError> {
        if self.short_name_taken { Err(ClientError::ShortNameTaken) } else { Ok(()) }
    }
}

impl Definition {
    /// The rules that no single value can keep.
    fn check(&self) -> Result<(), ClientError> {
        let uris: BTreeSet<_> = self.redirect_uris.iter().collect();
        let claims: BTreeSet<_> = self.custom_claims.iter().map(|custom| &custom.claim).collect();
        if uris.len() != self.redirect_uris.len() || uris.len() > ClientError::MAX_REDIRECT_URIS {
            return Err(ClientError::RedirectUris);
        }
        if claims.len() != self.custom_claims.len() || claims.len() > ClientError::MAX_CUSTOM_CLAIMS {
            return Err(ClientError::CustomClaims);
        }
        if self.authentication == ClientAuthentication::None && !self.require_pkce {
            return Err(ClientError::PublicWithoutPkce);
        }
        Ok(())
    }

    /// This definition for a client that is `present` now: how it authenticates and whether it is in use are no matter of history. So
    /// no secret of before works again, and what was put out of use stays so.
    #[must_use]
    pub fn kept_by(&self, present: &Self) -> Self {
        Self { authentication: present.authentication.clone(), disabled: present.disabled, ..self.clone() }
    }

    /// The events of a permitted change to `wanted`.
    fn redefined(&self, wanted: &Self, facts: &Facts) -> Result<Vec<ClientEvent>, ClientError> {
        facts.allow(self)?;
        facts.allow(wanted)?;
        facts.short_name_is_free()?;
        wanted.check()?;
        self.turned_into(wanted)
    }

    /// The events that turn this definition into `wanted`: one per aspect that differs.
    fn turned_into(&self, wanted: &Self) -> Result<Vec<ClientEvent>, ClientError> {
        if (self.domain, self.customer) != (wanted.domain, wanted.customer) {
            return Err(ClientError::Moved);
        }
        let differing = zip(self.aspects(), wanted.aspects()).filter(|(present, wanted)| present != wanted);
        Ok(differing.map(|(_, wanted)| self.secret_rotation(wanted)).collect())
    }

    /// One secret for another is not another way to authenticate.
    fn secret_rotation(&self, event: ClientEvent) -> ClientEvent {
        match (&self.authentication, event) {
            (
                ClientAuthentication::Password { .. },
                ClientEvent::AuthenticationChanged { authentication: ClientAuthentication::Password { secret } },
            ) => ClientEvent::SecretRotated { secret },
            (_, event) => event,
        }
    }

    /// All that can change, each as the event that would say so.
    fn aspects(&self) -> [ClientEvent; 13] {
        let Self { short_name, name, description, main_uri, .. } = self.clone();
        [
            ClientEvent::Renamed { short_name, name },
            ClientEvent::Described { description, main_uri },
            ClientEvent::RedirectUrisChanged { redirect_uris: self.redirect_uris.clone() },
            ClientEvent::IpRangesChanged { ip_ranges: self.ip_ranges.clone() },
            ClientEvent::AuthenticationChanged { authentication: self.authentication.clone() },
            ClientEvent::RequiredFunctionChanged { required_function: self.required_function },
            ClientEvent::PermissionScopeChanged { permission_scope: self.permission_scope },
            ClientEvent::PermittedScopesChanged { permitted_scopes: self.permitted_scopes.clone() },
            ClientEvent::CustomClaimsChanged { custom_claims: self.custom_claims.clone() },
            ClientEvent::SecurityLevelChanged { max_security_level: self.max_security_level },
            ClientEvent::VisibilityChanged { hidden: self.hidden },
            ClientEvent::TokenRulesChanged {
                require_pkce: self.require_pkce,
                client_credentials: self.client_credentials,
                require_same_client_ip: self.require_same_client_ip,
                access_token_format: self.access_token_format,
            },
            if self.disabled { ClientEvent::Disabled {} } else { ClientEvent::Enabled {} },
        ]
    }

    /// Takes over what `event` says of a client in use.
    fn assign(&mut self, event: ClientEvent) {
        match event {
            ClientEvent::Renamed { short_name, name } => (self.short_name, self.name) = (short_name, name),
            ClientEvent::Described { description, main_uri } => {
                (self.description, self.main_uri) = (description, main_uri)
            }
            ClientEvent::RedirectUrisChanged { redirect_uris } => self.redirect_uris = redirect_uris,
            ClientEvent::IpRangesChanged { ip_ranges } => self.ip_ranges = ip_ranges,
            ClientEvent::AuthenticationChanged { authentication } => self.authentication = authentication,
            ClientEvent::SecretRotated { secret } => self.authentication = ClientAuthentication::Password { secret },
            ClientEvent::RequiredFunctionChanged { required_function } => self.required_function = required_function,
            ClientEvent::PermissionScopeChanged { permission_scope } => self.permission_scope = permission_scope,
            ClientEvent::PermittedScopesChanged { permitted_scopes } => self.permitted_scopes = permitted_scopes,
            ClientEvent::CustomClaimsChanged { custom_claims } => self.custom_claims = custom_claims,
            ClientEvent::SecurityLevelChanged { max_security_level } => self.max_security_level = max_security_level,
            ClientEvent::VisibilityChanged { hidden } => self.hidden = hidden,
            ClientEvent::TokenRulesChanged {
                require_pkce,
                client_credentials,
                require_same_client_ip,
                access_token_format,
            } => {
                self.require_pkce = require_pkce;
                self.client_credentials = client_credentials;
                self.require_same_client_ip = require_same_client_ip;
                self.access_token_format = access_token_format;
            }
            ClientEvent::Disabled {} => self.disabled = true,
            ClientEvent::Enabled {} => self.disabled = false,
            ClientEvent::Defined { .. } | ClientEvent::Restored { .. } | ClientEvent::Deleted {} => {}
        }
    }
}
