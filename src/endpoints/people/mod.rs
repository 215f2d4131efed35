//! `/useradmin/v2/user|group|subject|membership…` for administrators, and `/users/v2/user|group|subject…` for everybody: people,
//! groups and who is in them.
//!
//! An administrator sees the users of the customers for which `viewUsers` is held, and the groups of those for which `viewGroups`
//! is. To change one takes `manageUsers` or `manageGroups` for its customer, and all that it may do itself: nobody gets power over
//! somebody more powerful.

mod authority;
pub mod basic;
mod described;
mod fields;
pub mod group;
mod group_fields;
pub mod groups;
mod joining;
mod known;
pub mod members;
pub mod memberships;
pub mod permissions;
mod person_fields;
pub mod picture;
mod search_input;
pub mod subject;
pub mod subjects;
pub mod user;
pub mod users;
