//! Clients as the operator administers them: by the command line and by `argus apply`, bound by the rules but by no rights.

use super::{By, ClientInput, changed, defined, facts, find_place, hash, refused};
use crate::{
    directory::passwords::Passwords,
    entropy::Entropy,
    event_store::{Context, DefinitionLane},
    http::{ArgusError, Fields},
};
use aggregates::{
    client::{Client, ClientCommand},
    ids::{ClientId, DomainId},
    values::ShortName,
};
use projections::{
    clients::{self, ClientRow},
    lookup,
};
use serde_json::{Map, Value};

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A client was defined.
    Defined(ClientId),
    /// Something about it was changed.
    Changed(ClientId),
    /// It was so already.
    Unchanged(ClientId),
}

/// Whoever runs the command line, with an open transaction.
pub struct Operator<'a> {
    /// The transaction; the caller commits it.
    pub lane: &'a mut DefinitionLane,
    /// Hashes secrets.
    pub passwords: &'a Passwords,
    /// Salts them.
    pub entropy: &'a dyn Entropy,
    /// What is recorded beside each event.
    pub context: &'a Context,
}

impl Operator<'_> {
    /// The domain of that number, short name or UUID.
    ///
    /// # Errors
    /// 412; 503.
    pub async fn domain(&mut self, reference: &str) -> Result<DomainId, ArgusError> {
        let found = lookup::domain(self.lane.connection(), reference).await?.map(|domain| domain.id);
        found.ok_or_else(|| ArgusError::field("domain", "names no domain"))
    }

    /// The live client of that UUID or short name.
    ///
    /// # Errors
    /// 404; 503.
    pub async fn find(&mut self, domain: DomainId, reference: &str) -> Result<ClientRow, ArgusError> {
        let c = self.lane.connection();
        let found = match (reference.parse(), reference.parse::<ShortName>()) {
            (Ok(id), _) => clients::find_by_id(c, id).await?,
            (_, Ok(name)) => clients::find_by_short_name(c, domain, &name).await?,
            _ => None,
        };
        found.filter(|client| !client.deleted).ok_or(ArgusError::NotFound)
    }

    /// Defines a client with a fresh id.
    ///
    /// # Errors
    /// 412 for bad or missing fields; 503.
    pub async fn define(&mut self, id: ClientId, own: DomainId, fields: Fields) -> Result<Outcome, ArgusError> {
        let input = ClientInput::of_new(fields)?;
        let secret = hash((self.passwords, self.entropy), &input, None).await?;
        let unknown = |field| ArgusError::field(field, "names nothing");
        let place = find_place(self.lane, &input, own).await?.map_err(unknown)?;
        let definition = defined(self.lane, input, place, secret).await?;
        let facts = facts(self.lane, id, (None, &definition), By::Operator).await?;
        let command = ClientCommand::Define { definition: Box::new(definition), facts };
        self.lane.execute::<Client>(id.uuid(), command, self.context).await.map_err(refused)?;
        Ok(Outcome::Defined(id))
    }

    /// Changes the given fields of a client.
    ///
    /// # Errors
    /// 412 for bad fields; 503.
    pub async fn change(&mut self, present: &ClientRow, fields: Fields) -> Result<Outcome, ArgusError> {
        let command = self.changing(present, fields).await?;
        self.carry_out(present.id, command).await
    }

    /// The command that does it.
    ///
    /// # Errors
    /// 412 for bad fields; 503.
    pub async fn changing(&mut self, present: &ClientRow, fields: Fields) -> Result<ClientCommand, ArgusError> {
        let input = ClientInput::of_change(fields)?;
        let secret = hash((self.passwords, self.entropy), &input, Some(&present.definition)).await?;
        let wanted = changed(self.lane, input, &present.definition, secret).await?;
        let facts = facts(self.lane, present.id, (Some(&present.definition), &wanted), By::Operator).await?;
        Ok(ClientCommand::Redefine { definition: Box::new(wanted), facts })
    }

    /// Carries out a command on a client that there is.
    ///
    /// # Errors
    /// What the rules say; 503.
    pub async fn carry_out(&mut self, id: ClientId, command: ClientCommand) -> Result<Outcome, ArgusError> {
        let done = self.lane.execute::<Client>(id.uuid(), command, self.context).await.map_err(refused)?;
        Ok(if done.events.is_empty() { Outcome::Unchanged(id) } else { Outcome::Changed(id) })
    }

    /// Deletes a client, and with it every grant.
    ///
    /// # Errors
    /// 503.
    pub async fn delete(&mut self, present: &ClientRow) -> Result<(), ArgusError> {
        self.carry_out(present.id, ClientCommand::Delete).await.map(drop)
    }

    /// Makes the client of that short name be what `object` says: defines it with the id `fresh`, or changes what differs. The
    /// customer and domain of an existing client are not looked at: they never change.
    ///
    /// # Errors
    /// 412 for bad or missing fields; 503.
    pub async fn ensure(
        &mut self,
        fresh: ClientId,
        own: DomainId,
        mut object: Map<String, Value>,
    ) -> Result<Outcome, ArgusError> {
        let domain = match object.get("domain").and_then(Value::as_str).map(str::to_owned) {
            Some(reference) => self.domain(&reference).await?,
            None => own,
        };
        let name = object.get("shortName").and_then(Value::as_str).unwrap_or_default().to_owned();
        match self.find(domain, &name).await {
            Ok(present) => {
                object.remove("domain");
                object.remove("customer");
                self.change(&present, Fields::new(object)).await
            }
            Err(ArgusError::NotFound) => self.define(fresh, domain, Fields::new(object)).await,
            Err(other) => Err(other),
        }
    }
}
