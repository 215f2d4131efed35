//! From where tokens may be used, and what is made of an address that somebody asserts.
//!
//! A session: from the address that it is bound to. A script's token: from the script's address, or from inside the client's range
//! by an application that says so. A code flow's token: from inside the client's range, where an address that is said must be the
//! browser's. What is said is believed only from a place that is the client's: a range that holds every address proves nothing,
//! unless the client has authenticated.

use super::{
    presented::{Live, Presented},
    refusals,
};
use crate::{
    event_store::{Actor, StorageError},
    http::{
        CallerIp, Credential, Forwarded, Idp, RequestId,
        address::Asserted,
        refused_calls::{self, Proven},
    },
};
use aggregates::{
    grant::{Holder, Refusal},
    ids::{GrantId, SessionId},
    session::CallRefusal,
};
use projections::{Unseal, standing::Standing};
use std::net::IpAddr;

/// Where a request comes from, what it asserts, and whether the client itself has proven to be the caller.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    /// The addresses.
    pub forwarded: Forwarded,
    /// The client has authenticated in this very request.
    pub authenticated: bool,
}

impl From<Forwarded> for Origin {
    /// Whoever has the token may have sent it.
    fn from(forwarded: Forwarded) -> Self {
        Self { forwarded, authenticated: false }
    }
}

/// A request that comes with a session token.
pub struct Visit<'a> {
    /// From where.
    pub caller: CallerIp,
    /// Which.
    pub request: &'a RequestId,
    /// Method and route.
    pub call: String,
}

/// Whether a session token works for this caller now: it is the session's own, and the caller is where the session is bound to.
/// One that works and comes from elsewhere is recorded.
#[must_use]
pub fn is_signed_in_here(
    idp: &Idp,
    presented: &Presented<SessionId>,
    standing: &Standing,
    Visit { caller, request, call }: Visit<'_>,
) -> bool {
    let (Some(user), true) = (&standing.user, presented.is_signed_in(standing, idp.now())) else { return false };
    let bound = standing.session.as_ref().and_then(|session| {
        let address = idp.keys.open(standing.personal_key.as_deref()?, &session.address)?;
        address.parse().ok()
    });
    let here = bound == Some(caller.0);
    if !here {
        let address = idp.seal_address(Some(user.id), standing.personal_key.as_deref(), caller.0);
        let context = idp.context(request, Actor::Anonymous, address);
        let proven = Proven { user: user.id, credential: Credential::Session(presented.id), context };
        refused_calls::remember_later(idp, proven, (CallRefusal::AddressNotTheSessions, call));
    }
    here
}

/// The access token, if it works now and may be used from there. One that works and may not is stolen or misplaced: that is
/// recorded, but the answer takes no longer for it, so that nobody learns from it that the token works elsewhere.
///
/// # Errors
/// When the grant cannot be read.
pub fn admit<'a>(
    idp: &Idp,
    request: &RequestId,
    presented: &Presented<GrantId>,
    standing: &'a Standing,
    origin: Origin,
) -> Result<Option<Live<'a>>, StorageError> {
    let Some(live) = presented.live(standing, idp.now())? else { return Ok(None) };
    let bound = standing.personal_key.as_deref().and_then(|key| idp.keys.open(key, &live.grant.address));
    let bound = bound.and_then(|text| text.parse().ok());
    if bound.is_some_and(|bound| allows(&live, bound, origin)) {
        return Ok(Some(live));
    }
    let context = idp.context_of(request, standing, origin.forwarded.caller);
    let refusal = refusals::AtClient {
        grant: Some(presented.id),
        scopes: live.token.scopes,
        ..refusals::AtClient::new("use", Refusal::AddressNotTheTokens)
    };
    refusals::remember_later(idp, &context, standing, &refusal);
    Ok(None)
}

/// Whether the address rule lets this call use a token that is bound to `bound`.
fn allows(live: &Live<'_>, bound: IpAddr, Origin { forwarded, authenticated }: Origin) -> bool {
    let definition = &live.passed.client.definition;
    let caller = forwarded.caller.0;
    let mut ranges = definition.ip_ranges.iter().filter(|range| range.contains(caller)).peekable();
    let inside = ranges.peek().is_some();
    let believed = ranges.any(|range| authenticated || !range.is_everything());
    match (&live.grant.holder, forwarded.asserted) {
        (Holder::ApiKey(_), Asserted::Nothing) => caller == bound,
        (Holder::ApiKey(_), _) if !believed => caller == bound,
        (Holder::Session(_), Asserted::Nothing) => inside && !definition.require_same_client_ip,
        (_, Asserted::UserIp(user)) => believed && user == bound,
        (_, Asserted::Malformed) => false,
    }
}
