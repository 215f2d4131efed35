//! The event store on real Postgres: what is refused, what survives, what is never skipped.

mod ambiguity;
mod append;
mod follow;
mod guards;
mod interop;
mod lane;
mod replay;
mod retention;
mod sinks;
mod support;
