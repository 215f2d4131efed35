//! Customers, inline, and where they lie in the tree.

mod apply;
mod find;
mod search;
mod view;

pub use find::{CustomerRow, find_by_id, find_by_number, find_by_short_name, is_open, is_within, list, list_roots};
pub(crate) use search::seen;
pub use search::{Criteria, CustomerType, Flag, KeywordField, Search, SortKey, find, search};
pub use view::CustomerView;

use crate::{Mode, ReadModel};

/// The read model.
pub const MODEL: ReadModel = ReadModel {
    name: "customers",
    version: 1,
    ddl: include_str!("../../../migrations/0004_customers.sql"),
    tables: &["customers"],
    feeds: &["customer"],
    mode: Mode::Inline,
    kept: None,
    apply: |c, events, _| Box::pin(apply::apply(c, events)),
};
