//! OAuth clients as they stand: one row each, applied inline, so that decisions and sign-ins see every acknowledged change.

mod apply;
mod criteria;
mod find;
mod search;
mod usable;
mod view;
mod who_can;

pub use criteria::{Criteria, Flag, KeywordField, SortKey};
pub use find::{ClientRow, find_by_id, find_by_short_name, list, short_name_taken};
pub use search::{Search, search};
pub use usable::{Usable, list_usable};
pub use view::{ClientView, PastClient, view, view_past};
pub use who_can::{HeldBy, Holder, who_can};

use crate::{Mode, ReadModel};

/// The table `clients`.
pub const MODEL: ReadModel = ReadModel {
    name: "clients",
    version: 1,
    ddl: include_str!("../../../migrations/0011_clients.sql"),
    tables: &["clients"],
    feeds: &["client"],
    mode: Mode::Inline,
    kept: None,
    apply: |connection, events, _| Box::pin(apply::apply(connection, events)),
};
