//! One change of one client: who may make it, and what is answered.

use super::rights::{UPDATE, VIEW_DETAILS, VIEW_USERS, by, find_viewed};
use crate::{
    directory::clients::{self as input, ClientInput, expect_version, preview, refused, shown},
    event_store::DefinitionLane,
    http::{ArgusError, Caller, Idp, JsonBody, Reply, query_fields},
};
use aggregates::{
    client::{Client, ClientCommand},
    ids::ClientId,
};
use axum::http::Uri;
use projections::{
    clients::{self, ClientRow},
    rights,
};

/// On which terms a client is changed.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct Terms {
    /// The version that the client must be at; 412 when it has moved on.
    #[param(minimum = 1)]
    expect_version: Option<i64>,
}

impl Terms {
    /// Reads the query string.
    ///
    /// # Errors
    /// 412.
    pub(super) fn read(uri: &Uri) -> Result<Self, ArgusError> {
        let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
        let expect_version = query.integer("expectVersion", 1..=i64::MAX);
        query.finish().map(|()| Self { expect_version })
    }
}

/// A client as it stands in the lane, which its caller may change.
pub(super) struct Change<'a> {
    pub(super) lane: DefinitionLane,
    pub(super) present: ClientRow,
    caller: &'a Caller,
}

impl<'a> Change<'a> {
    /// Waits for the lane.
    ///
    /// # Errors
    /// 403 without the function for the client; 404 for one that is not alive; 412 when it has moved on; 503.
    pub(super) async fn open(
        idp: &Idp,
        caller: &'a Caller,
        (id, function): (ClientId, &str),
        terms: &Terms,
    ) -> Result<Self, ArgusError> {
        let mut lane = idp.store.definitions().await?;
        let row = clients::find_by_id(lane.connection(), id).await?.filter(|row| !row.deleted);
        let present = row.ok_or(ArgusError::NotFound)?;
        let definition = &present.definition;
        if !by(caller).holds(&mut lane, function, definition.customer, definition.domain).await? {
            return Err(ArgusError::Denied);
        }
        expect_version(&present, terms.expect_version)?;
        Ok(Self { lane, present, caller })
    }

    /// Carries out the command: the client object, with 220 when nothing had to be changed.
    ///
    /// # Errors
    /// Those of the rules; 503.
    pub(super) async fn carry_out(mut self, command: ClientCommand) -> Result<Reply, ArgusError> {
        let ClientRow { id, definition, .. } = &self.present;
        let context = &self.caller.context;
        let done = self.lane.execute::<Client>(id.uuid(), command, context).await.map_err(refused)?;
        let (customer, domain) = (definition.customer, definition.domain);
        let details = by(self.caller).holds(&mut self.lane, VIEW_DETAILS, customer, domain).await?;
        let view = clients::view(self.lane.connection(), *id).await?.ok_or(ArgusError::NotFound)?;
        self.lane.commit().await?;
        let object = shown(&view, details);
        Ok(if done.events.is_empty() { Reply::unchanged(object) } else { Reply::ok(object) })
    }

    /// What the command would do; it is not carried out. Of users the caller is told of those that they may view.
    ///
    /// # Errors
    /// 403 for a caller who sees no details; those of the rules; 503.
    pub(super) async fn preview(mut self, command: ClientCommand) -> Result<Reply, ArgusError> {
        let (customer, domain) = (self.present.definition.customer, self.present.definition.domain);
        if !by(self.caller).holds(&mut self.lane, VIEW_DETAILS, customer, domain).await? {
            return Err(ArgusError::Denied);
        }
        let seen = rights::customers_where(self.lane.connection(), &self.caller.rights, VIEW_USERS).await?;
        let commands = (self.present.id, vec![command]);
        Ok(Reply::ok(preview(self.lane, commands, &self.caller.context, Some(&seen)).await?))
    }
}

/// The change that a body asks for.
pub(super) async fn redefining<'a>(
    idp: &Idp,
    caller: &'a Caller,
    reference: &str,
    (uri, body): (&Uri, JsonBody),
) -> Result<(Change<'a>, ClientCommand), ArgusError> {
    let found = find_viewed(idp, caller, reference).await?;
    let terms = Terms::read(uri)?;
    let input = ClientInput::of_change(body.fields())?;
    let secret = input::hash((&idp.client_secrets, idp.entropy.as_ref()), &input, Some(&found.definition)).await?;
    let mut change = Change::open(idp, caller, (found.id, UPDATE), &terms).await?;
    let (lane, present) = (&mut change.lane, &change.present.definition);
    let wanted = input::changed(lane, input, present, secret).await?;
    let facts = input::facts(lane, found.id, (Some(present), &wanted), by(caller)).await?;
    Ok((change, ClientCommand::Redefine { definition: Box::new(wanted), facts }))
}
