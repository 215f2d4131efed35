//! Users and groups as one: both are subjects, belong to a customer, hold permissions and are members of groups. Everything that
//! the API shows or searches of them goes through one table expression, from which what the caller may not see was taken away.

mod criteria;
mod find;
mod sight;
mod view;

pub use criteria::{Criteria, Flag, Happening, KeywordField, SortKey};
pub use find::{Known, Search, find, list_groups_around, list_members, search, show};
pub use sight::Sight;
pub use view::{PhoneNumber, Subject};
