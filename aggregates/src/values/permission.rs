//! What a subject may do.

use crate::ids::{CustomerId, FunctionId};
use serde::{Deserialize, Serialize};

/// A function for a customer. With its subject it is the triple of the Argus API; it reaches down to the function's
/// descendants and to the customer's subcustomers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Permission {
    /// What may be done.
    pub function: FunctionId,
    /// For whom.
    pub customer: CustomerId,
}
