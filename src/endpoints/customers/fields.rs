//! What a body says about a customer, and what it can say nothing else about.

use crate::http::{Fields, common_fields::never};
use serde::de::IgnoredAny;

/// Takes out what is of the vendor's system: flags that are never set, and the one language.
pub(super) fn constants(fields: &mut Fields) {
    for name in ["excludeFromProduction", "networkBaseCustomer", "singleNetworkDomain"] {
        never(fields, name);
    }
    fields.word::<IgnoredAny>("language", &["english"]);
}

/// The same of a change, which knows more flags.
pub(super) fn constants_of_change(fields: &mut Fields) {
    constants(fields);
    for name in ["allowGlobalData", "dataDeleted", "denySubmitForAnonymousUser"] {
        never(fields, name);
    }
}
