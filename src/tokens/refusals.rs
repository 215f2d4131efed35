//! Refusals that name a real client are events, each a stream of its own, so that they collide with nothing. What one client can
//! cause is capped, per client and user.

use super::{capped::Capped, missing};
use crate::{event_store::Context, http::Idp};
use aggregates::{
    grant::{Grant, GrantCommand, Refusal, Refused},
    ids::{ClientId, GrantId, UserId},
    values::{IpRange, Scope},
};
use projections::standing::Standing;
use std::collections::BTreeSet;

/// What was refused.
pub struct AtClient {
    /// `authorize`, or the grant type.
    pub step: &'static str,
    /// Why.
    pub reason: Refusal,
    /// The grant whose code or token was presented.
    pub grant: Option<GrantId>,
    /// What was asked for.
    pub scopes: BTreeSet<Scope>,
    /// The client's address range that the caller was in.
    pub range: Option<IpRange>,
    /// The condition that did not hold, where the reason and how things stand do not say it: a sentence of the program.
    pub condition: Option<String>,
}

impl AtClient {
    /// A refusal of which no more is known.
    #[must_use]
    pub const fn new(step: &'static str, reason: Refusal) -> Self {
        Self { step, reason, grant: None, scopes: BTreeSet::new(), range: None, condition: None }
    }
}

/// Which refusals are equal.
type Key = (ClientId, Option<UserId>, &'static str, Refusal);

/// Counts equal refusals of the last minute: per client, user, step and reason.
pub type RefusalCounter = Capped<Key, (Refused, Context)>;

/// Records a refusal of a client that is real, under the cap. When it cannot be recorded, the caller is refused all the same.
pub async fn remember(idp: &Idp, context: &Context, standing: &Standing, refusal: AtClient) {
    for refused in due(idp, context, standing, &refusal) {
        record(idp, refused).await;
    }
}

/// The same, for which the answer does not wait: how long it takes must not tell what was found out.
pub fn remember_later(idp: &Idp, context: &Context, standing: &Standing, refusal: &AtClient) {
    let (idp, due) = (idp.clone(), due(idp, context, standing, refusal));
    tokio::spawn(async move {
        for refused in due {
            record(&idp, refused).await;
        }
    });
}

/// Records what has gathered: now and then, and with `all` when the server stops.
pub async fn flush(idp: &Idp, all: bool) {
    for refused in idp.refusals.due((!all).then(|| idp.now())) {
        record(idp, refused).await;
    }
}

type Due = ((Refused, Context), u32);

fn due(idp: &Idp, context: &Context, standing: &Standing, refusal: &AtClient) -> Vec<Due> {
    let Some(refused) = refused(idp, standing, refusal) else { return Vec::new() };
    idp.metrics.count(|metrics| &metrics.refusals);
    let key = (refused.client, refused.user, refusal.step, refusal.reason);
    idp.refusals.admit(key, (refused, context.clone()), idp.now())
}

fn refused(idp: &Idp, standing: &Standing, refusal: &AtClient) -> Option<Refused> {
    let (client, now) = (standing.client.as_ref()?, idp.now());
    Some(Refused {
        client: client.id,
        client_version: client.version,
        // What was another's is no business of this client's customer: the grant's beginning says whose it is.
        customer: client.definition.customer.filter(|_| refusal.reason != Refusal::AnotherClient),
        user: standing.user.as_ref().map(|user| user.id),
        session: standing.session.as_ref().map(|session| session.id),
        grant: refusal.grant,
        step: refusal.step.to_owned(),
        reason: refusal.reason,
        required_function: client.definition.required_function,
        scopes: refusal.scopes.clone(),
        known: missing::known(standing, refusal),
        missing: missing::missing(standing, refusal, now),
        count: 1,
        now,
    })
}

async fn record(idp: &Idp, ((refused, context), count): Due) {
    let command = GrantCommand::Refuse(Refused { count, ..refused });
    if let Err(cause) = idp.store.create::<Grant>(idp.new_id(), command, &context).await {
        tracing::error!(%cause, "a refusal could not be recorded");
    }
}
