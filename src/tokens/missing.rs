//! What a refusal missed, in the words of the audit trail: how things stood when it was decided, where its reason leaves that open.

use super::refusals::AtClient;
use aggregates::{
    grant::{Known, Missing, Refusal},
    values::Timestamp,
};
use projections::standing::Standing;

/// What was missing; none where the reason, with the required function and the customer, says all.
pub(super) fn missing(standing: &Standing, refusal: &AtClient, now: Timestamp) -> Option<Missing> {
    let definition = standing.client.as_ref().map(|client| &client.definition);
    let found = match refusal.reason {
        Refusal::InvalidScope => definition.and_then(|definition| {
            let permitted = &definition.permitted_scopes;
            let beyond: std::collections::BTreeSet<_> =
                refusal.scopes.iter().filter(|scope| !permitted.permit(scope)).cloned().collect();
            (!beyond.is_empty()).then_some(Missing::Scopes(beyond))
        }),
        Refusal::AddressOutsideRanges => definition.map(|definition| Missing::Ranges(definition.ip_ranges.clone())),
        Refusal::SessionOver => Some(condition(session(standing, now))),
        Refusal::ClientNotActive => Some(condition(client(standing))),
        Refusal::ApiKeyNotValid => Some(condition(api_key(standing, now))),
        _ => None,
    };
    found.or_else(|| refusal.condition.clone().map(Missing::Condition))
}

/// What was known of the caller and the user.
pub(super) fn known(standing: &Standing, refusal: &AtClient) -> Known {
    let session = standing.session.as_ref();
    Known {
        held_by: standing.held_by,
        range: refusal.range,
        api_key: standing.api_key.as_ref().map(|key| key.prefix.clone()),
        method: session.map(|session| session.method),
        authenticated_at: session.map(|session| session.authenticated_at),
    }
}

fn condition(text: &str) -> Missing {
    Missing::Condition(text.to_owned())
}

fn session(standing: &Standing, now: Timestamp) -> &'static str {
    match &standing.session {
        None => "there is no session",
        Some(session) if session.ended_at.is_some() => "the session was ended",
        Some(session) if now >= session.valid_until => "the session's time was up",
        Some(_) => "the user's sessions and tokens were ended",
    }
}

fn client(standing: &Standing) -> &'static str {
    match &standing.client {
        Some(client) if client.deleted => "the client was deleted",
        Some(client) if client.definition.disabled => "the client was disabled",
        _ => "the client's grants were ended",
    }
}

fn api_key(standing: &Standing, now: Timestamp) -> &'static str {
    match &standing.api_key {
        Some(key) if key.revoked => "the API key was revoked",
        Some(key) if now >= key.expires_at => "the API key's time was up",
        _ => "the API key's secret is another, or it may not be used from there",
    }
}
