//! `/authentication/v1/events` and its siblings: who signed in and who did not, the latest first, as the audit trail has it. It
//! follows the log, so that the last moments may be missing.

pub mod customer;
pub mod event;
pub mod own;
pub mod user;
