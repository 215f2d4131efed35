//! What has happened to a domain.

use crate::values::{DisplayName, ShortName};
use serde::{Deserialize, Serialize};

/// A past fact; stored as `domain.*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainEvent {
    /// The domain began to exist.
    Created {
        /// Its integer id.
        number: i64,
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
}

stored_as!(DomainEvent {
    Created => "domain.created" "1",
    Renamed => "domain.renamed" "1",
});
