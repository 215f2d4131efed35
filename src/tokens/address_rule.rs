//! From where a code flow's token may be used: the caller is inside the client's range, and what the caller says about its user's
//! address is believed only from there.

use crate::http::{Forwarded, Idp, address::Asserted};
use projections::{Unseal, standing::Standing};

use super::presented::Live;

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
