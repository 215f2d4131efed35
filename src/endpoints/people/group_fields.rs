//! The fields of a group in a body.

use serde::Serialize;
use utoipa::ToSchema;

/// A group as a body gives it. `shortName`, `name` and `customer` are required for a new one; `customer` and `domain` cannot be
/// changed here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupFields {
    /// Id or short name of the customer. Only for a new group.
    customer: Option<String>,
    /// Id or short name of the customer's domain; the caller's unless given. Only for a new group.
    domain: Option<String>,
    /// The name in references and in the `groups` claim.
    short_name: Option<String>,
    /// The name to show.
    name: Option<String>,
    /// What it is for, in words.
    description: Option<String>,
    /// Only false.
    daemon_account: Option<bool>,
    /// Only false.
    externally_managed: Option<bool>,
}
