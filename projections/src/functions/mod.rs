//! Functions, inline, and which implies which.

mod apply;
mod find;
mod held;
mod mappings;
mod search;
mod view;

pub use find::{
    FunctionRow, find_by_id, find_by_number, find_by_short_name, implies, is_used, list, list_children, list_parents,
};
pub use held::{HeldFunction, list_held};
pub use mappings::{Mapping, MappingCriteria, MappingSearch, MappingSortKey, search_mappings};
pub use search::{Criteria, Flag, KeywordField, Search, SortKey, search};
pub(crate) use view::basic_function;
pub use view::{BasicFunction, FunctionView, InEnglish, Relatives, find_view, list_relatives};

use crate::{Mode, ReadModel};

/// The read model.
pub const MODEL: ReadModel = ReadModel {
    name: "functions",
    version: 1,
    ddl: include_str!("../../../migrations/0005_functions.sql"),
    tables: &["functions", "function_children"],
    feeds: &["function"],
    mode: Mode::Inline,
    kept: None,
    apply: |c, events, _| Box::pin(apply::apply(c, events)),
};
