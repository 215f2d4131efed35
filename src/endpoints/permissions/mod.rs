//! `/useradmin/v2/permission…`: who holds which function for which customer, as it was granted.
//!
//! To see a permission takes `viewPermissions` for its customer. To grant or to revoke it takes `managePermissions` for the customer
//! as well, and holding the very function there: nobody gives or takes what they do not hold. Of permissions that were taken back
//! the audit trail tells, so `includeDeleted` may only be false.

mod authority;
pub mod bulk;
pub mod collection;
pub mod described;
pub mod permission;
pub mod search;
mod search_input;
