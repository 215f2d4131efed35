//! What has happened to a customer.

use crate::{
    ids::{CustomerId, DomainId},
    values::{DisplayName, ShortName},
};
use serde::{Deserialize, Serialize};

/// A past fact; stored as `customer.*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerEvent {
    /// The customer began to exist.
    Created {
        /// Its integer id.
        number: i64,
        /// Its domain.
        domain: DomainId,
        /// The customer above; none for the domain's root.
        parent: Option<CustomerId>,
        /// Its name in references.
        short_name: ShortName,
        /// Its name to show.
        name: DisplayName,
    },
    /// It shows another name.
    Renamed {
        /// The new name.
        name: DisplayName,
    },
    /// It has another name in references.
    ShortNameChanged {
        /// The new short name.
        short_name: ShortName,
    },
    /// It went below another customer.
    Moved {
        /// The customer above.
        parent: CustomerId,
    },
    /// It was shut out.
    Disabled {},
    /// It was let in again.
    Enabled {},
}

stored_as!(CustomerEvent {
    Created => "customer.created" "1",
    Renamed => "customer.renamed" "1",
    ShortNameChanged => "customer.short_name_changed" "1",
    Moved => "customer.moved" "1",
    Disabled => "customer.disabled" "1",
    Enabled => "customer.enabled" "1",
});
