//! Users, groups and memberships over HTTP: who may do what first.

mod changes;
mod members;
mod pictures;
mod searches;
mod sight;
pub(crate) mod support;
