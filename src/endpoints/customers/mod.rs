//! `/customeradmin/v2/customer…` and `/customeradmin/v2/domain`: the customers of a domain, and where they lie in its tree.
//!
//! An administrator sees the customers for which `viewCustomers` is held, and all below them, also those that are disabled: rights
//! end at a disabled customer, so what it takes for one is looked for above it. To change one takes `manageCustomers` for it; to
//! make one, for its parent; to move one, for it, for the old parent and for the new one.

mod authority;
pub mod collection;
pub mod customer;
pub mod described;
pub mod domain;
mod fields;
pub mod place;
pub mod search;
mod search_input;
pub mod status;
