//! Permissions as they were granted, inline. What follows from them is in [`crate::rights`].

mod apply;
mod criteria;
mod find;
mod granting;
mod view;

pub use criteria::{Criteria, Happening, KeywordField, Relatives, Search, SortKey};
pub use find::{Known, find, list_by_subject, list_granted, search};
pub use granting::{ToGrant, may_grant};
pub use view::PermissionView;

use crate::{Mode, ReadModel};

/// The read model.
pub const MODEL: ReadModel = ReadModel {
    name: "permissions",
    version: 1,
    ddl: include_str!("../../../migrations/0008_permissions.sql"),
    tables: &["permissions"],
    feeds: &["group", "user"],
    mode: Mode::Inline,
    kept: None,
    apply: |c, events, _| Box::pin(apply::apply(c, events)),
};
