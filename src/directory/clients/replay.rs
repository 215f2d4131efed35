//! Recorded changes of a client once more: onto what it is now, or onto another client, under the rules of today.

use super::{By, History, Step, facts, require_functions};
use crate::{event_store::DefinitionLane, http::ArgusError};
use aggregates::client::{Client, ClientCommand, ClientEvent, Definition, State};
use cqrs_es::Aggregate;
use projections::clients::ClientRow;
use std::ops::RangeInclusive;

/// The changes of one version, as a command.
#[derive(Debug)]
pub struct Replayed {
    /// Which version.
    pub version: i64,
    /// The reason to record: where it comes from, and what was its reason then.
    pub reason: String,
    /// The command.
    pub command: ClientCommand,
}

/// What a replay consists of.
#[derive(Debug, Default)]
pub struct Replay {
    /// The versions that change something now, in order.
    pub versions: Vec<Replayed>,
    /// Stored types of events that are not repeated, each with its version: secrets, and what is no configuration.
    pub left_out: Vec<(i64, String)>,
}

/// The recorded changes of these versions of `source`, for a client that is `onto` now. Each is decided on what those before it made.
///
/// # Errors
/// 412 for what referred to a function that is no more; 503.
pub async fn replaying(
    lane: &mut DefinitionLane,
    source: &History,
    versions: RangeInclusive<i64>,
    onto: &ClientRow,
) -> Result<Replay, ArgusError> {
    let mut replay = Replay::default();
    let mut present = onto.definition.clone();
    for steps in source.versions() {
        let Some(last) = steps.last().filter(|step| versions.contains(&step.recorded.sequence)) else { continue };
        let version = last.recorded.sequence;
        let (repeated, left): (Vec<_>, Vec<_>) = steps.iter().partition(|step| is_configuration(&step.event));
        replay.left_out.extend(left.into_iter().map(|step| (version, step.recorded.event_type.clone())));
        let wanted = changed(&present, &repeated);
        if wanted == present {
            continue;
        }
        require_functions(lane, &wanted).await?;
        let facts = facts(lane, onto.id, (Some(&present), &wanted), By::Operator).await?;
        let command = ClientCommand::Redefine { definition: Box::new(wanted.clone()), facts };
        replay.versions.push(Replayed { version, reason: reason(last), command });
        present = wanted;
    }
    Ok(replay)
}

/// What a client can be configured to, other than by being defined: no secrets, no switching off and on, and no end.
const fn is_configuration(event: &ClientEvent) -> bool {
    match event {
        ClientEvent::Defined { .. }
        | ClientEvent::AuthenticationChanged { .. }
        | ClientEvent::SecretRotated { .. }
        | ClientEvent::Restored { .. }
        | ClientEvent::Disabled {}
        | ClientEvent::Enabled {}
        | ClientEvent::Deleted {} => false,
        ClientEvent::Renamed { .. }
        | ClientEvent::Described { .. }
        | ClientEvent::RedirectUrisChanged { .. }
        | ClientEvent::IpRangesChanged { .. }
        | ClientEvent::RequiredFunctionChanged { .. }
        | ClientEvent::PermissionScopeChanged { .. }
        | ClientEvent::PermittedScopesChanged { .. }
        | ClientEvent::CustomClaimsChanged { .. }
        | ClientEvent::SecurityLevelChanged { .. }
        | ClientEvent::VisibilityChanged { .. }
        | ClientEvent::TokenRulesChanged { .. } => true,
    }
}

fn changed(present: &Definition, steps: &[&Step]) -> Definition {
    let mut client = Client { state: State::Active(Box::new(present.clone())), epoch: 0 };
    steps.iter().for_each(|step| client.apply(step.event.clone()));
    client.definition().unwrap_or(present).clone()
}

fn reason(step: &Step) -> String {
    let name = step.definition().map(|definition| definition.short_name.as_str()).unwrap_or_default();
    let source = format!("replay of {name}@{}", step.recorded.sequence);
    match step.recorded.metadata.get("reason") {
        Some(reason) => format!("{source}: {reason}"),
        None => source,
    }
}
