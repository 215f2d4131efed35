//! Refusals that name a real client are events, each a stream of its own, so that they collide with nothing. What one client can
//! cause is capped: after a few equal refusals of a client and user in a minute, the rest is one event with
//! a count.

use super::missing;
use crate::{event_store::Context, http::Idp};
use aggregates::{
    grant::{Grant, GrantCommand, Refusal, Refused},
    ids::{ClientId, GrantId, UserId},
    values::{IpRange, Scope, Seconds, Timestamp},
};
use projections::standing::Standing;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

/// So many equal refusals in one window are recorded one by one.
const ONE_BY_ONE: u32 = 10;
const WINDOW: Seconds = Seconds(60);

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

type Key = (ClientId, Option<UserId>, &'static str, Refusal);

struct Window {
    since: Timestamp,
    recorded: u32,
    /// Not recorded yet: how many, and what the last of them was.
    waiting: Option<(Refused, Context)>,
}

/// Counts equal refusals of the last minute. One entry per client, user, step and reason.
#[derive(Default)]
pub struct RefusalCounter(Mutex<HashMap<Key, Window>>);

impl RefusalCounter {
    /// What is to be recorded for this refusal now: itself, itself and what had gathered before, or nothing yet.
    fn admit(&self, key: Key, refused: Refused, context: &Context) -> Vec<(Refused, Context)> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(key).or_insert_with(|| Window { since: refused.now, recorded: 0, waiting: None });
        let mut due = Vec::new();
        if refused.now >= window.since.after(WINDOW) {
            due.extend(window.waiting.take());
            (window.since, window.recorded) = (refused.now, 0);
        }
        if window.recorded < ONE_BY_ONE {
            window.recorded += 1;
            due.push((refused, context.clone()));
        } else {
            let gathered = window.waiting.as_ref().map_or(0, |(waiting, _)| waiting.count);
            window.waiting = Some((Refused { count: gathered.saturating_add(1), ..refused }, context.clone()));
        }
        due
    }

    /// What gathered in windows that are over at `now`; all that gathered, when the server stops.
    fn due(&self, now: Option<Timestamp>) -> Vec<(Refused, Context)> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |window: &Window| now.is_none_or(|now| now >= window.since.after(WINDOW));
        let due =
            windows.values_mut().filter(|window| over(window)).filter_map(|window| window.waiting.take()).collect();
        windows.retain(|_, window| !over(window));
        due
    }
}

/// Records a refusal of a client that is real, under the cap. When it cannot be recorded, the caller is refused all the same.
pub async fn remember(idp: &Idp, context: &Context, standing: &Standing, refusal: AtClient) {
    for (refused, context) in due(idp, context, standing, &refusal) {
        record(idp, refused, &context).await;
    }
}

/// The same, for which the answer does not wait: how long it takes must not tell what was found out.
pub fn remember_later(idp: &Idp, context: &Context, standing: &Standing, refusal: &AtClient) {
    let (idp, due) = (idp.clone(), due(idp, context, standing, refusal));
    tokio::spawn(async move {
        for (refused, context) in due {
            record(&idp, refused, &context).await;
        }
    });
}

/// Records what has gathered: now and then, and with `all` when the server stops.
pub async fn flush(idp: &Idp, all: bool) {
    for (refused, context) in idp.refusals.due((!all).then(|| idp.now())) {
        record(idp, refused, &context).await;
    }
}

fn due(idp: &Idp, context: &Context, standing: &Standing, refusal: &AtClient) -> Vec<(Refused, Context)> {
    let Some(refused) = refused(idp, standing, refusal) else { return Vec::new() };
    idp.metrics.count(|metrics| &metrics.refusals);
    let key = (refused.client, refused.user, refusal.step, refusal.reason);
    idp.refusals.admit(key, refused, context)
}

fn refused(idp: &Idp, standing: &Standing, refusal: &AtClient) -> Option<Refused> {
    let (client, now) = (standing.client.as_ref()?, idp.now());
    Some(Refused {
        client: client.id,
        client_version: client.version,
        customer: client.definition.customer,
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

async fn record(idp: &Idp, refused: Refused, context: &Context) {
    if let Err(cause) = idp.store.create::<Grant>(idp.new_id(), GrantCommand::Refuse(refused), context).await {
        tracing::error!(%cause, "a refusal could not be recorded");
    }
}
