//! How an API key or a session is narrowed.

use crate::ids::{CustomerId, FunctionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A limit on top of the owner's own rights. `None` is "as the owner"; a set is never empty, because an empty list has been
/// read as "nothing" and as "everything" by different systems (security.md T2), so [`Constraints::new`] refuses it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Constraints {
    /// Only these functions and what they imply.
    pub functions: Option<BTreeSet<FunctionId>>,
    /// Only for these customers and their subcustomers.
    pub customers: Option<BTreeSet<CustomerId>>,
    /// Nothing may be changed.
    pub read_only: bool,
}

impl Constraints {
    /// `None` when one of the sets is given and empty.
    #[must_use]
    pub fn new(
        functions: Option<BTreeSet<FunctionId>>,
        customers: Option<BTreeSet<CustomerId>>,
        read_only: bool,
    ) -> Option<Self> {
        let empty =
            functions.as_ref().is_some_and(BTreeSet::is_empty) || customers.as_ref().is_some_and(BTreeSet::is_empty);
        (!empty).then_some(Self { functions, customers, read_only })
    }
}
