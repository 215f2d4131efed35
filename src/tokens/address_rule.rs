//! From where tokens may be used. A session: from the address that it is bound to. A code flow's token: the caller is inside the client's range, and what the caller says about its user's
//! address is believed only from there.

use crate::http::{CallerIp, Forwarded, Idp, address::Asserted};
use aggregates::ids::SessionId;
use projections::{Unseal, standing::Standing};

use super::presented::{Live, Presented};

/// Whether a session token works for this caller now: it is the session's own, and the caller is where the session is bound to.
#[must_use]
pub fn is_signed_in_here(idp: &Idp, presented: &Presented<SessionId>, standing: &Standing, caller: CallerIp) -> bool {
    let bound = standing.session.as_ref().and_then(|session| {
        let address = idp.keys.open(standing.personal_key.as_deref()?, &session.address)?;
        address.parse().ok()
    });
    presented.is_signed_in(standing, idp.now()) && bound == Some(caller.0)
}

/// Whether the address rule lets this call use the token.
#[must_use]
pub fn allows(idp: &Idp, standing: &Standing, live: &Live<'_>, forwarded: Forwarded) -> bool {
    let definition = &live.passed.client.definition;
    if definition.ip_ranges.matching(forwarded.caller.0).is_none() {
        return false;
    }
    match forwarded.asserted {
        Asserted::Nothing => !definition.require_same_client_ip,
        Asserted::Malformed => false,
        Asserted::UserIp(ip) => {
            let key = standing.personal_key.as_deref();
            let bound = key.and_then(|key| idp.keys.open(key, &live.grant.address));
            bound.and_then(|text| text.parse().ok()) == Some(ip)
        }
    }
}
