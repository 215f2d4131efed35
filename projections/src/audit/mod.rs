//! The audit trail: an entry for every authorization, token, sign-in and definition, granted or refused.
//!
//! Followed: it never decides anything, and it never skips an event; when it cannot apply one it stops and says so.

mod apply;
mod authentications;
mod entry;
mod filter;
mod list;

pub use authentications::{Authentication, Wanted, list_authentications};
pub use entry::Entry;
pub use filter::{Filter, FilterError};
pub use list::{AuditRow, FUNCTION, Page, Visible, is_visible, list};

use crate::{Mode, ReadModel};

/// The read model's line in the table of all.
pub const MODEL: ReadModel = ReadModel {
    name: "audit",
    version: 1,
    ddl: include_str!("../../../migrations/0014_audit.sql"),
    tables: &["audit"],
    feeds: &["grant", "session", "client", "user", "group", "customer", "domain", "function", "signing_key"],
    mode: Mode::Followed,
    kept: None,
    apply: |c, events, unseal| Box::pin(apply::apply(c, events, unseal)),
};
