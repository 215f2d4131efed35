//! What a domain can be asked to do.

use crate::values::{DisplayName, ShortName};

/// A wish of an operator; domains are made on the command line only.
#[derive(Debug, Clone)]
pub enum DomainCommand {
    /// Begin to exist.
    Create {
        /// The integer id.
        number: i64,
        /// The name in references.
        short_name: ShortName,
        /// The name to show.
        name: DisplayName,
        /// Fact: another domain has this short name.
        short_name_taken: bool,
    },
    /// Show another name.
    Rename {
        /// The new name.
        name: DisplayName,
    },
}
