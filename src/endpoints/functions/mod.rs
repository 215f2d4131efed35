//! `/useradmin/v2/function…` and `/useradmin/v2/functionmapping…` for administrators, `/users/v2/function…` for everybody: functions,
//! roles, and which implies which.
//!
//! Functions belong to no domain. To see more than what everybody sees takes `viewFunctions` for some customer; to change them takes
//! `manageFunctions` everywhere, and the graph is changed by those alone who hold everything that it gives or takes. Where there
//! are several domains nobody holds anything everywhere, and the command line is left.

mod authority;
pub mod basic;
pub mod children;
pub mod collection;
pub mod described;
mod fields;
pub mod function;
pub mod mapping;
pub mod parents;
mod search_input;
