//! The audit trail: an entry for every authorization, token, sign-in and definition, granted or refused.
//!
//! Followed: it never decides anything, and it never skips an event; when it cannot apply one it stops and says so.

mod apply;
mod asked;
mod authentications;
mod definitions;
mod entry;
mod explain;
mod filter;
mod grants;
mod row;
mod show;
mod visible;

pub use asked::{Asked, Page, last_position, position_before};
pub use authentications::{Authentication, Wanted, list_authentications};
pub use entry::Entry;
pub use filter::{Filter, FilterError, Problem};
pub use grants::{GrantEnd, GrantLife, GrantRow, find_grant, list_grants};
pub use row::AuditRow;
pub use show::{AuditEntry, HeldPermission, Names, find};
pub use visible::{FUNCTION, Visible, is_visible};

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
